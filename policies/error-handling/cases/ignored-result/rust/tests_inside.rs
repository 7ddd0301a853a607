#[cfg(test)]
mod tests {
    #[test]
    fn a_cart_is_saved() {
        std::fs::create_dir_all("carts").ok();
    }
}
