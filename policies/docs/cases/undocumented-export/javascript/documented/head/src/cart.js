/** Returns the alpha of the cart. */
export function alpha(cart) {
  return cart.alpha;
}

/** Returns the beta of the cart. */
export function beta(cart) {
  return cart.beta;
}

/** Returns the gamma of the cart. */
export function gamma(cart) {
  return cart.gamma;
}

/** Returns the delta of the cart. */
export function delta(cart) {
  return cart.delta;
}

/** Returns the total. */
export function total(cart) {
  return cart.total;
}
