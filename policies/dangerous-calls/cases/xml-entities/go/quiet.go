package read

func read(text string) {
	parser.New(parser.XMLParseNoNet).ParseString(text)
}
