fn keys() {
    let first = RsaPrivateKey::new(&mut rng, 1024); // fires
    let second = openssl::rsa::Rsa::generate(512u32); // fires
}
