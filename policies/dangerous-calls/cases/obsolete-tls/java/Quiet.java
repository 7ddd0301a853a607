class Quiet {
    void connect(SSLSocket socket) {
        SSLContext.getInstance("TLSv1.3");
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        names.put("TLSv1");
    }
}
