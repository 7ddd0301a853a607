class Quiet {
    void answer(Cookie cookie) {
        cookie.setSecure(true);
        connection.setSecure(false);
    }
}
