function store(body, path, password) {
  const etag = crypto.createHash("md5").update(body).digest("hex");
  const cacheKey = createHash("sha1").update(path).digest("hex");
  const strong = crypto.createHash("sha256").update(password).digest("hex");
  const mac = crypto.createHmac("sha256", password);
  return md5(path);
}
