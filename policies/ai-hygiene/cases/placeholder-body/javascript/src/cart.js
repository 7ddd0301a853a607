export function refund(order) { // fires
  throw new Error('Not implemented');
}

export const credit = order => { // fires
  // TODO: implement
  return null;
};

export class Ledger {
  close() { // fires
    // TODO: close the ledger
  }

  opened() {}

  balance() {
    throw new Error('no balance yet');
  }
}

export const noop = () => {};

export function pay(order) {
  // TODO: ask the bank too
  return ledger.pay(order);
}
