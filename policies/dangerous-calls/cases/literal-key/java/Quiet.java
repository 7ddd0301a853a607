class Quiet {
    void sign(String key) {
        Algorithm.HMAC256(key);
        Keys.hmacShaKeyFor(key.getBytes(UTF_8));
        builder.signWith(key);
        use(new SecretKeySpec(bytes, "AES"));
    }
}
