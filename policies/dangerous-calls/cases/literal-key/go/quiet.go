package sign

func sign(token *jwt.Token, key []byte) {
	token.SignedString(key)
	aes.NewCipher([]byte(os.Getenv("KEY")))
	hmac.New(sha256.New, key)
	buffer.Write([]byte("between-us"))
}
