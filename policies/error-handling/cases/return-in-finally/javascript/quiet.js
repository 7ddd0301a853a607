export function total(cart) {
  try {
    return cart.save();
  } finally {
    cart.lines.forEach((line) => {
      return line.close();
    });
    for (const line of cart.lines) {
      if (line.done) break;
    }
    switch (cart.state) {
      case "open":
        cart.close();
        break;
    }
  }
}
