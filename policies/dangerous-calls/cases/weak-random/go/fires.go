package main

func start() {
	sessionID := rand.Int63() // fires
	password = fmt.Sprint(rand.Intn(1000000)) // fires
}

func generateToken() string {
	return strconv.Itoa(mathrand.Int()) // fires
}
