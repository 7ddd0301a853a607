export function total(cart) {
  // let total = 0;
  // for (const price of cart.prices) {
  //   total += price;
  // }
  return priceOf(cart);
}

/**
 * const cart = new Cart();
 * cart.add(apple);
 * cart.total();
 */
export function pay(cart) {
  // First the bank is asked, then the ledger is written,
  // and then (only then) the customer is told;
  // in that order.
  return bank.pay(cart);
}
