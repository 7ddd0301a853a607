class Fires {
    void hide(Key key) {
        Cipher.getInstance("DES/CBC/PKCS5Padding"); // fires
        Cipher.getInstance("DESede"); // fires
        Cipher.getInstance("AES"); // fires
        Cipher.getInstance("AES/ECB/PKCS5Padding"); // fires
        Cipher.getInstance("RSA/NONE/NoPadding"); // fires
        KeyGenerator.getInstance("Blowfish"); // fires
        use(new NullCipher()); // fires
    }
}
