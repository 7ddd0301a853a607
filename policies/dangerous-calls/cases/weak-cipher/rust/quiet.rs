fn hide(key: &[u8]) {
    let first = Aes256Gcm::new_from_slice(key);
    let second = Cipher::aes_256_gcm();
    let third = Encryptor::<Aes128>::new(key.into());
    let fourth = Description::new(key);
}
