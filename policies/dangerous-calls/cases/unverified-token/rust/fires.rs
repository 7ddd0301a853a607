fn read(token: &str) {
    validation.insecure_disable_signature_validation(); // fires
    let claims = jsonwebtoken::dangerous_insecure_decode::<Claims>(token); // fires
    let other = dangerous::insecure_decode(token); // fires
}
