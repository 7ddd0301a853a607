fn fetch() {
    let first = reqwest::get("https://prices.example.org/today");
    let second = reqwest::get("http://localhost:8080/today");
    let third = names.get("http://prices.example.org/today");
}
