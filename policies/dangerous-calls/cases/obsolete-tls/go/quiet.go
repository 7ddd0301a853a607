package connect

func connect(config *tls.Config) {
	use(&tls.Config{MinVersion: tls.VersionTLS12})
	if config.MinVersion == tls.VersionTLS10 {
		refuse(config)
	}
}
