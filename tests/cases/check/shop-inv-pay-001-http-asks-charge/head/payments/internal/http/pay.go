package http

import "shop.example/payments/internal/charge"

// Positive says whether there is something to charge.
func Positive(c charge.Charge) bool {
	return c.Amount > 0
}
