pub fn price(cart: &[Line]) -> u64 {
    cart.iter().map(Line::price).sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_costs_nothing() {
        assert_eq!(super::total(&[]), 0);
    }
}
