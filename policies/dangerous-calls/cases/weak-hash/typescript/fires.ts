function store(password, key, data, secret) {
  const first = crypto.createHash("md5").update(password).digest("hex"); // fires
  const apiKey = createHash("sha1").update(data).digest("hex"); // fires
  const mac = crypto.createHmac("md5", key); // fires
  const proof = crypto.createSign("RSA-SHA1"); // fires
  const derived = crypto.pbkdf2Sync(key, data, 1000, 32, "sha1"); // fires
  return md5(secret); // fires
}
