pub fn save(cart: &Cart, file: &mut File) {
    fs::write(&cart.path, &cart.text).ok();
    cart.save().ok();
    let _ = std::fs::create_dir_all(&cart.folder);
    let _ = file.write_all(cart.text.as_bytes());
}
