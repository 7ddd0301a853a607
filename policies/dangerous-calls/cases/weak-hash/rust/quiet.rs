fn store(body: &[u8], password: &str) {
    let etag = md5::compute(body);
    let checksum = Sha1::digest(body);
    let strong = Sha256::digest(password);
}
