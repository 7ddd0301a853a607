/** Returns the alpha of the cart. */
export function alpha(cart: Cart): number {
  return cart.alpha;
}

/** Returns the beta of the cart. */
export function beta(cart: Cart): number {
  return cart.beta;
}

/** Returns the gamma of the cart. */
export function gamma(cart: Cart): number {
  return cart.gamma;
}

/** Returns the delta of the cart. */
export function delta(cart: Cart): number {
  return cart.delta;
}

