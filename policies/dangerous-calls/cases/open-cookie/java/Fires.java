class Fires {
    void answer(Cookie cookie) {
        cookie.setSecure(false); // fires
        cookie.setHttpOnly(false); // fires
    }
}
