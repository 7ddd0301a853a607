package cart

func Total(cart *Cart) int {
	if err := cart.Save(); err != nil {
	}
	err := cart.Load()
	if err != nil {}
	return cart.Sum
}
