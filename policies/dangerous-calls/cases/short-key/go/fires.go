package keys

func keys() {
	rsa.GenerateKey(rand.Reader, 1024)                               // fires
	dsa.GenerateParameters(&parameters, rand.Reader, dsa.L1024N160) // fires
}
