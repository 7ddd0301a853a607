fn start() {
    let delay = fastrand::u64(0..10);
    let nonce: u64 = OsRng.gen();
    let shuffle = SmallRng::from_entropy();
}
