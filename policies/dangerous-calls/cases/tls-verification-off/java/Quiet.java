class Quiet implements X509TrustManager {
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        delegate.checkServerTrusted(chain, type);
    }
    void dial() {
        connection.setHostnameVerifier((host, session) -> host.equals(NAME));
        names.setVerifier((host, session) -> true);
        client.set(new DefaultHostnameVerifier());
    }
}
class SomeHosts implements HostnameVerifier {
    public boolean verify(String host, SSLSession session) {
        return HOSTS.contains(host);
    }
    public boolean verify(String host, Order order) {
        return true;
    }
    void dial(Session session) {
        session.setConfig("StrictHostKeyChecking", "yes");
    }
}
