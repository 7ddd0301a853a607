export function total(cart) {
  // TODO: taxes
  return sum(cart.prices);
}
