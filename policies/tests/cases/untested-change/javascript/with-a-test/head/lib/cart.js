export function total(cart) {
  let result = 0;
  for (const line of cart) {
    const price = line.price();
    result += line.reduced() ? Math.floor(price * 0.9) : price;
  }
  return result;
}
