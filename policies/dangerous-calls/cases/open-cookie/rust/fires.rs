fn answer() {
    let first = Cookie::build("session").http_only(false); // fires
    cookie.set_secure(false); // fires
}
