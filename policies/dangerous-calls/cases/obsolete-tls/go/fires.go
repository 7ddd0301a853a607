package connect

func connect(config *tls.Config) {
	use(&tls.Config{MinVersion: tls.VersionTLS10}) // fires
	config.MaxVersion = tls.VersionTLS11           // fires
}
