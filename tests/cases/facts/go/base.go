package cart

import (
	"fmt"
	m "example.com/shop/money"
)

const (
	// Limit is the most items.
	Limit = 10
	floor = 1
)

var a, B = 1, 2

// Cart is what a customer is about to buy.
type Cart struct {
	Items  []Item
	secret int
	*m.Wallet
}

type (
	Item   int
	Priced interface {
		Price() m.Cents
	}
)

// Add adds an item.
func (c *Cart) Add(i Item) error {
	c.Items = append(c.Items, i)
	fmt.Println("added")
	return nil
}

func (s Set[T]) Has(t T) bool { return false }

func New() *Cart { return &Cart{} }

func obsolete() {}
