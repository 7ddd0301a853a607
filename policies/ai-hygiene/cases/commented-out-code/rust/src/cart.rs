//! The cart.
//!
//! let cart = Cart::new();
//! cart.add(apple);
//! cart.total();

pub fn total(cart: &Cart) -> u32 {
    // let total = cart.prices.iter().sum();
    // let discount = cart.discount();
    // total - discount
    price_of(cart)
}

/// let cart = Cart::new();
/// cart.add(apple);
/// cart.total();
pub fn pay(cart: &Cart) {
    // SAFETY: the ledger outlives the bank (see `Bank`),
    // and nobody else writes to it; the lock is held
    // by whoever calls this.
    bank(cart)
}
