package main

func dial(skip bool) {
	config := &tls.Config{InsecureSkipVerify: false}
	config.InsecureSkipVerify = skip
	other := &tls.Config{InsecureSkipVerify: skip}
	keys := ssh.FixedHostKey(key)
}
