fn keys() {
    let first = RsaPrivateKey::new(&mut rng, 3072);
    let second = openssl::rsa::Rsa::generate(2048);
    let third = Buffer::generate(512);
}
