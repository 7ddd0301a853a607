package keys

func keys() {
	rsa.GenerateKey(rand.Reader, 3072)
	dsa.GenerateParameters(&parameters, rand.Reader, dsa.L2048N256)
	names.GenerateKey(rand.Reader, 1024)
}
