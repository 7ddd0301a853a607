fn store(password: &str) {
    let first = md5::compute(password); // fires
    let second = Md5::digest(password.as_bytes()); // fires
    let signature = Sha1::digest(body); // fires
}
fn hash_password(text: &str) {
    Sha1::new() // fires
}
