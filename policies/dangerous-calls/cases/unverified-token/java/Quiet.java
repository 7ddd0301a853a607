class Quiet {
    void read(String subject, Key key) {
        JWT.create().sign(Algorithm.ECDSA256(key));
        Jwts.builder().subject(subject).signWith(key).compact();
        Layout.builder().compact();
    }
}
