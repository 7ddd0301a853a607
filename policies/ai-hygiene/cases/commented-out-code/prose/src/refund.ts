// Refunds: who gets how much back, and when.
// Must not talk to the bank; `payments` does (see Payments);
// the ledger is written by nobody else.
export const refund = 1;
