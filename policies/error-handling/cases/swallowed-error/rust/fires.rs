pub fn total(cart: &mut Cart) -> u32 {
    match cart.save() {
        Ok(saved) => cart.saved = saved,
        Err(_) => {}
    }
    match cart.load() {
        Ok(lines) => cart.lines = lines,
        Err(_error) => (),
    }
    if let Err(_) = cart.save() {}
    cart.sum
}
