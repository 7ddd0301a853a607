export function total(cart) {
  try {
    cart.save();
  } finally {
    cart.close();
    return cart.sum;
  }
}

export function first(carts) {
  for (const cart of carts) {
    try {
      cart.save();
    } finally {
      if (cart.done) {
        break;
      }
      continue;
    }
  }
}
