pub fn total(cart: &Cart) -> u32 {
    cart.sum() + 1
}

#[cfg(test)]
mod tests {
    #[test]
    #[ignore]
    fn adds() {
        assert_eq!(total(&Cart::new([1, 2])), 3);
    }
}
