pub fn total(cart: &Cart) -> u32 {
    cart.sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(total(&Cart::new([1, 2])), 3);
    }
}
