class Fires implements X509TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) { // fires
        // accepts everything
    }
    void dial() {
        connection.setHostnameVerifier((host, session) -> true); // fires
        builder.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE); // fires
        context.trustManager(InsecureTrustManagerFactory.INSTANCE); // fires
        client.set(new NoopHostnameVerifier()); // fires
    }
}
class AllHosts implements HostnameVerifier {
    public boolean verify(String host, SSLSession session) { // fires
        return true;
    }
    void dial(Session session) {
        session.setConfig("StrictHostKeyChecking", "no"); // fires
    }
}
