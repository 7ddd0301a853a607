class Fires {
    void connect(SSLSocket socket) {
        SSLContext.getInstance("TLSv1.1"); // fires
        socket.setEnabledProtocols(new String[] {"TLSv1"}); // fires
    }
}
