class Quiet {
    void keys() {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(3072);
        use(new ECGenParameterSpec("secp256r1"));
    }
    void buffer() {
        pool.initialize(1024);
    }
}
