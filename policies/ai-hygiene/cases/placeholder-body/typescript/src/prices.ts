export function total(cart: Cart): number {
  // TODO: taxes
  return sum(cart.prices);
}
