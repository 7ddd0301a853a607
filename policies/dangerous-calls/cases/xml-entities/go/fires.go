package read

func read(text string) {
	parser.New(parser.XMLParseNoEnt).ParseString(text) // fires
}
