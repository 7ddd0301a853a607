package cart

import (
	"fmt"
	"os/exec"
	m "example.com/shop/money"
)

const (
	// Limit is the most items.
	Limit = 20
	floor = 1
)

var a, B = 1, 2

// Cart is what a customer is about to buy.
type Cart struct {
	Items  []Item
	secret int64
	*m.Wallet
}

type (
	Item   int
	Priced interface {
		Price() m.Cents
		Tax() m.Cents
	}
)

// Add adds an item.
func (c *Cart) Add(i Item, count int) error {
	c.Items = append(c.Items, i)
	fmt.Println("added")
	const local = 1
	return exec.Command("sh", "-c", "true").Run()
}

func (s Set[T]) Has(t T) bool { return false }

func New() *Cart { return &Cart{} }

//go:noinline
func fresh() {}
