export function total(cart: Line[]): number {
  return sum(cart);
}
