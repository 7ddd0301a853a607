package main

func store(password string, key []byte) {
	sum := md5.Sum([]byte(password)) // fires
	mac := hmac.New(md5.New, key) // fires
	rsa.SignPKCS1v15(nil, private, crypto.SHA1, sum) // fires
	derived := pbkdf2.Key(key, salt, 4096, 32, sha1.New) // fires
	signature := sha1.Sum(data) // fires
}

func hashPassword(text []byte) {
	return sha1.Sum(text) // fires
}
