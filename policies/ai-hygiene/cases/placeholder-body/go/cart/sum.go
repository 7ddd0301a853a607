package cart

func Sum(cart Cart) int {
	// TODO: taxes
	return sum(cart.Prices)
}
