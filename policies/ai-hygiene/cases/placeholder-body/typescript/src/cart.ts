export function refund(order: Order): void { // fires
  throw new Error(`refund is not yet implemented`);
}

export abstract class Ledger {
  abstract close(): void;

  opened(): void {}

  balance(): number { // fires
    // FIXME: ask the bank
    return 0;
  }
}

export interface Priced {
  price(): number;
}

export function total(cart: Cart): number {
  if (!cart.prices)
    throw new Error('carts without prices are not implemented');
  return cart.prices.length;
}
