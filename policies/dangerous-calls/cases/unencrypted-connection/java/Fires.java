class Fires {
    void fetch() {
        ManagedChannelBuilder.forTarget(host).usePlaintext(); // fires
        use(new FTPClient()); // fires
        use(new URL("http://prices.example.org/today")); // fires
    }
}
