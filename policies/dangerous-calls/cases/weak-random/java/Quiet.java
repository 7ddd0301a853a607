class Quiet {
    void create(User user) {
        int delay = ThreadLocalRandom.current().nextInt(100);
        String nonce = "n" + secureRandom.nextInt();
        double roll = Math.random();
    }
    String generateToken() {
        SecureRandom random = new SecureRandom();
        return "t" + random.nextInt();
    }
}
