package hide

func hide(key []byte) {
	block, _ := aes.NewCipher(key)
	use(&tls.Config{CipherSuites: []uint16{
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	}}, block, names[tls.TLS_RSA_WITH_RC4_128_SHA])
}
