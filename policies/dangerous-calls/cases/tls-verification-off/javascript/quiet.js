const agent = new https.Agent({ rejectUnauthorized: true });
const asked = { rejectUnauthorized: settings.verify };
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "1";
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
const text = "rejectUnauthorized: false";
connection.connect({ hostVerifier: (key) => known.has(key) });
