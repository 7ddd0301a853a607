const agent = new https.Agent({
  rejectUnauthorized: false, // fires
});
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; // fires
process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0"; // fires
options.rejectUnauthorized = false; // fires
connection.connect({ hostVerifier: () => true }); // fires
