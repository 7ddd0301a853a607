package main

func start() {
	delay := rand.Intn(10)
	nonce, err := rand.Int(rand.Reader, limit)
	index := rand.Perm(3)
}
