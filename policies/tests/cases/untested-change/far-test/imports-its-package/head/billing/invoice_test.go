package billing

import "shop.example/internal/cart"

func TestTotal(t *testing.T) {
	if cart.Total(nil) != 0 {
		t.Fail()
	}
}
