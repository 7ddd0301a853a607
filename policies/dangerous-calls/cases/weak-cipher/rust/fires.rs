fn hide(key: &[u8]) {
    let first = Des::new_from_slice(key); // fires
    let second = rc4::Rc4::new(key.into()); // fires
    let third = symm::Cipher::des_ede3_cbc(); // fires
    let fourth = Cipher::aes_128_ecb(); // fires
    let fifth = ecb::Encryptor::<Aes128>::new(key.into()); // fires
}
