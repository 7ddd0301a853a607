export function total(cart) {
  return sum(cart.prices) + cart.taxes;
}
