class Fires {
    byte[] hash(String password) {
        return MessageDigest.getInstance("MD5").digest(password.getBytes()); // fires
    }
    byte[] signRequest(byte[] body, String secret) {
        Signature first = Signature.getInstance("SHA1withRSA"); // fires
        Mac second = Mac.getInstance("HmacMD5"); // fires
        SecretKeyFactory third = SecretKeyFactory.getInstance("PBEWithMD5AndDES"); // fires
        return DigestUtils.sha1(secret); // fires
    }
}
