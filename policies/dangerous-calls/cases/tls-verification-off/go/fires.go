package main

func dial() {
	config := &tls.Config{
		InsecureSkipVerify: true, // fires
	}
	config.InsecureSkipVerify = true // fires
	keys := ssh.InsecureIgnoreHostKey() // fires
}
