fn fetch() {
    let first = reqwest::get("http://prices.example.org/today"); // fires
}
