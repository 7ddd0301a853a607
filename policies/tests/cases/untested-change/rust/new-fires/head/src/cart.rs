pub fn total(cart: &[Line]) -> u64 {
    let mut sum = 0;
    for line in cart {
        let price = line.price();
        sum += if line.reduced() { price * 9 / 10 } else { price };
    }
    sum
}
