package cart

import "testing"

func TestTotal(t *testing.T) { // fires
	cart := New(1, 2)
	cart.Total()
}

func TestSum(t *testing.T) {
	if New(1, 2).Total() != 3 {
		t.Errorf("no")
	}
}

func TestSorted(t *testing.T) {
	sorted(t, New(2, 1))
}

func TestRequired(t *testing.T) {
	require.Equal(t, 3, New(1, 2).Total())
}

func TestRows(t *testing.T) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			run(t, row)
		})
	}
}

func TestPay(t *testing.T) {
	t.Skip("the bank is closed")
	New(1).Pay()
}

func Testable(cart Cart) {
	cart.Total()
}
