fn sign(claims: &Claims, key: &[u8]) {
    let first = EncodingKey::from_secret(key);
    let second = DecodingKey::from_secret(settings.key.as_ref());
    let third = Reader::new_from_slice(b"between-us");
}
