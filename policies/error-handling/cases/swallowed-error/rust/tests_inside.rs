#[cfg(test)]
mod tests {
    #[test]
    fn an_empty_cart_can_be_saved_or_not() {
        if let Err(_) = super::Cart::default().save() {}
    }
}
