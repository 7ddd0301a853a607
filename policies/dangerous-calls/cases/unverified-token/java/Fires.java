class Fires {
    void read(String subject) {
        JWT.create().sign(Algorithm.none()); // fires
        Jwts.builder().subject(subject).compact(); // fires
        Jwts.parser().unsecured().build(); // fires
    }
}
