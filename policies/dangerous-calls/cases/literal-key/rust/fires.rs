fn sign(claims: &Claims) {
    let first = EncodingKey::from_secret(b"between-us"); // fires
    let second = jsonwebtoken::DecodingKey::from_secret("between-us".as_ref()); // fires
    let third = HmacSha256::new_from_slice(b"between-us"); // fires
}
