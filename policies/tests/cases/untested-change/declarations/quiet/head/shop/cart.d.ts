export function total(
  cart: Line[],
  shop: Shop,
  day: Day,
  user: User,
  rate: Rate,
): number;
