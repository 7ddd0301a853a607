#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        let cart = Cart::new([1, 2]);
        cart.total();
    }

    #[test]
    fn sums() {
        assert_eq!(Cart::new([1, 2]).total(), 3);
    }

    #[test]
    fn parses() {
        Cart::parse("1,2").unwrap();
    }

    #[test]
    #[should_panic]
    fn refuses() {
        Cart::new([]).total();
    }

    #[test]
    fn sorts() {
        check_sorted(Cart::new([2, 1]));
    }

    fn helper() {
        Cart::new([1]).total();
    }
}
