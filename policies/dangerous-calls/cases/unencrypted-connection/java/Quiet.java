class Quiet {
    void fetch() {
        ManagedChannelBuilder.forTarget(host).useTransportSecurity();
        use(new FTPSClient());
        use(new URL("https://prices.example.org/today"));
    }
}
