class Fires {
    void create(User user) {
        String password = "p" + Math.random(); // fires
        int otp = ThreadLocalRandom.current().nextInt(1000000); // fires
        user.sessionId = new Random().nextLong(); // fires
    }
    String generateToken() {
        Random random = new Random(); // fires
        return "t" + random.nextInt();
    }
}
