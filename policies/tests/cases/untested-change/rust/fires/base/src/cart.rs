pub fn total(cart: &[Line]) -> u64 {
    cart.iter().map(Line::price).sum()
}
