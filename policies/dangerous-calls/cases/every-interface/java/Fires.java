class Fires {
    void serve() {
        server.bind(new InetSocketAddress("0.0.0.0", 80)); // fires
    }
}
