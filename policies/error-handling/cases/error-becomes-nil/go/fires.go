package cart

func Save(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return nil
	}
	return file.Close()
}

func Load(path string) (*Cart, error) {
	text, err := read(path)
	if err != nil {
		return nil, nil
	}
	return parse(text)
}
