class Quiet {
    void serve() {
        server.bind(new InetSocketAddress("127.0.0.1", 80));
        server.name("0.0.0.0");
    }
}
