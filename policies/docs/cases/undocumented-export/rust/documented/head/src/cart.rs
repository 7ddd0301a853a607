/// Returns the alpha of the cart.
pub fn alpha(cart: &Cart) -> u64 {
    cart.alpha
}

/// Returns the beta of the cart.
pub fn beta(cart: &Cart) -> u64 {
    cart.beta
}

/// Returns the gamma of the cart.
pub fn gamma(cart: &Cart) -> u64 {
    cart.gamma
}

/// Returns the delta of the cart.
pub fn delta(cart: &Cart) -> u64 {
    cart.delta
}

/// Returns the total.
pub fn total(cart: &Cart) -> u64 {
    cart.total
}
