fn read(token: &str) {
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation);
    let other = base64::insecure_decode_table(token);
}
