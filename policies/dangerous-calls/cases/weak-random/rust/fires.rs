fn start() {
    let session_id = fastrand::u64(..); // fires
}
fn generate_token() -> String {
    let rng = SmallRng::from_entropy(); // fires
}
