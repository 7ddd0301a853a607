package hide

func hide(key []byte) {
	first, _ := des.NewCipher(key)           // fires
	second, _ := des.NewTripleDESCipher(key) // fires
	third, _ := rc4.NewCipher(key)           // fires
	use(&tls.Config{CipherSuites: []uint16{
		tls.TLS_RSA_WITH_RC4_128_SHA, // fires
	}}, first, second, third)
}
