package sign

func sign(token *jwt.Token) {
	token.SignedString([]byte("between-us"))          // fires
	aes.NewCipher([]byte("sixteen-bytes-of"))         // fires
	hmac.New(sha256.New, []byte("between-us"))        // fires
	sessions.NewCookieStore([]byte("between-us"))     // fires
}
