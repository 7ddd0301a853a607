pub fn total(cart: &Cart) -> u32 {
    // TODO: taxes
    cart.sum()
}
