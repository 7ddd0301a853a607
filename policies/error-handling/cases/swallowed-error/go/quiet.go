package cart

func Total(cart *Cart) int {
	if err := cart.Save(); err != nil {
		// Saved again at check-out.
	}
	if err := cart.Save(); err != nil {
	} else {
		cart.Saved = true
	}
	if err := cart.Load(); err != nil {
		log.Print(err)
	}
	if cart.Lines != nil {
	}
	return cart.Sum
}
