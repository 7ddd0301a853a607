#[cfg(test)]
mod tests {
    #[test]
    fn a_cart_is_saved() {
        std::fs::write("carts", "").ok();
    }
}
