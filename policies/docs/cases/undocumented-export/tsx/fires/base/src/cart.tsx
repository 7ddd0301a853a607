/** Shows the alpha of the cart. */
export function alpha(cart: Cart) {
  return <b>{cart.alpha}</b>;
}

/** Shows the beta of the cart. */
export function beta(cart: Cart) {
  return <b>{cart.beta}</b>;
}

/** Shows the gamma of the cart. */
export function gamma(cart: Cart) {
  return <b>{cart.gamma}</b>;
}

/** Shows the delta of the cart. */
export function delta(cart: Cart) {
  return <b>{cart.delta}</b>;
}

