pub fn total(cart: &[Line]) -> u64 {
    cart.iter().map(Line::price).sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_costs_nothing() {
        assert_eq!(super::total(&[]), 0);
    }
}

pub mod test {
    pub fn filled() -> Cart {
        let mut cart = Cart::default();
        cart.push(1);
        cart.push(2);
        cart
    }
}
