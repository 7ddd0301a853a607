package read

func read(parser *jwt.Parser, text string) {
	token := jwt.NewWithClaims(jwt.SigningMethodNone, claims)            // fires
	signed, _ := token.SignedString(jwt.UnsafeAllowNoneSignatureType) // fires
	parser.ParseUnverified(signed, claims)                              // fires
}
