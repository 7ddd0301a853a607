package keys

import "shop.example/payments/internal/vault"

// Of returns an empty vault.
func Of() *vault.Vault {
	return vault.New()
}
