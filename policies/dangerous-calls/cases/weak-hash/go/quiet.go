package main

func store(body []byte, password string) {
	etag := md5.Sum(body)
	checksum := sha1.New()
	strong := sha256.Sum256([]byte(password))
	mac := hmac.New(sha256.New, body)
	rsa.SignPKCS1v15(nil, private, crypto.SHA256, body)
}
