package cart

// Alpha returns a value of the cart.
func Alpha(cart Cart) int {
	return cart.Alpha
}

// Beta returns a value of the cart.
func Beta(cart Cart) int {
	return cart.Beta
}

// Gamma returns a value of the cart.
func Gamma(cart Cart) int {
	return cart.Gamma
}

// Delta returns a value of the cart.
func Delta(cart Cart) int {
	return cart.Delta
}

