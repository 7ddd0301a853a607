class Fires {
    void sign() {
        Algorithm.HMAC256("between-us"); // fires
        Keys.hmacShaKeyFor("between-us".getBytes(UTF_8)); // fires
        builder.signWith(SignatureAlgorithm.HS256, "between-us"); // fires
        use(new SecretKeySpec("between-us".getBytes(), "AES")); // fires
    }
}
