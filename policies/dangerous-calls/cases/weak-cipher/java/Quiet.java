class Quiet {
    void hide(Key key) {
        Cipher.getInstance("AES/GCM/NoPadding");
        Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
        KeyGenerator.getInstance("AES");
        Registry.getInstance("DES");
    }
}
