package cart

func Refund(order Order) error { // fires
	panic("not implemented")
}

func Credit(order Order) error { // fires
	// TODO: implement
	return nil
}

func (l *Ledger) Close() error { // fires
	panic("TODO")
}

func (l *Ledger) Opened() {}

func Must(err error) {
	panic(err)
}

func Total(cart Cart) int {
	// TODO: taxes
	return cart.sum()
}
