package charge

// Fee returns the fee of a charge.
func Fee(c Charge) float64 {
	return float64(c.Amount) * 0.01
}
