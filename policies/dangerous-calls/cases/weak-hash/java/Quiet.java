class Quiet {
    byte[] etag(byte[] body) {
        return MessageDigest.getInstance("MD5").digest(body);
    }
    byte[] hash(String password, byte[] body) {
        Signature first = Signature.getInstance("SHA256withRSA");
        Mac second = Mac.getInstance("HmacSHA1");
        MessageDigest third = MessageDigest.getInstance("SHA-256");
        return DigestUtils.md5(body);
    }
}
