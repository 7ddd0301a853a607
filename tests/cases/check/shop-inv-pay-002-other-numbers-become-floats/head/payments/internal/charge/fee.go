package charge

// Fee returns the fee of a charge.
func Fee(c Charge, percent float32) int64 {
	return int64(float64(percent)) * int64(c.Amount)
}
