class Fires {
    void keys() {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024); // fires
        use(new RSAKeyGenParameterSpec(1024, RSAKeyGenParameterSpec.F4)); // fires
        use(new ECGenParameterSpec("secp160r1")); // fires
    }
}
