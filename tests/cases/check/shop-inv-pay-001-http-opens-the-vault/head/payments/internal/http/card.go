package http

import "shop.example/payments/internal/vault"

// Card returns the card behind a token.
func Card(v *vault.Vault, token string) (string, error) {
	return v.Open(token)
}
