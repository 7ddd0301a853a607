package read

func read(parser *jwt.Parser, text string) {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	if token.Method == jwt.SigningMethodNone {
		refuse(token)
	}
	parser.ParseWithClaims(text, claims, key)
}
