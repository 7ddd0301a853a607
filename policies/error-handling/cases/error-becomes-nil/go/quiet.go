package cart

func Save(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := file.Stat(); err != nil {
		// A file without a state is not there yet.
		return nil
	}
	// What cannot be read is no cart.
	if _, err := read(path); err != nil {
		return nil
	}
	if _, err := read(path); err != nil {
		log.Print(err)
		return nil
	}
	return file.Close()
}

func Check(path string) error {
	// What cannot be read is checked by whoever reads it.
	if _, err := read(path); err != nil {
		return nil
	}
	return check(path)
}

func Find(path string) *Cart {
	text, err := read(path)
	if err != nil {
		return nil
	}
	return parse(text)
}

func All(paths []string) (map[string]*Cart, error) {
	return each(paths, func(path string) *Cart {
		text, err := read(path)
		if err != nil {
			return nil
		}
		return parse(text)
	})
}
