package cart

func Total(cart Cart) int {
	// TODO: put back when discounts return
	// total := sum(cart.Prices)
	// if cart.Discount > 0 {
	// 	total -= cart.Discount
	// }
	return priceOf(cart)
}

// Pay pays. It is called as:
//
//	cart := cart.New()
//	cart.Add(apple)
//	cart.Pay(bank)
func Pay(cart Cart) {
	//go:noinline
	//nolint:errcheck
	// The bank is asked first.
	bank.Pay(cart)
}
