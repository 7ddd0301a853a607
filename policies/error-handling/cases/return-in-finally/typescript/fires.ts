export function total(cart: any) {
  try {
    cart.save();
  } finally {
    cart.close();
    return cart.sum;
  }
}

export function first(carts: any) {
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
