fn answer() {
    let first = Cookie::build("session").http_only(true);
    connection.set_secure(false);
}
