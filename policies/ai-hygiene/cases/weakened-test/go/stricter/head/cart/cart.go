package cart

func Total(cart Cart) int {
	return sum(cart.Prices) + cart.Taxes
}
