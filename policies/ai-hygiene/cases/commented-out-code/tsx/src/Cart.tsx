export function Cart(props: Props) {
  /*
  const total = useTotal(props.cart);
  const discount = useDiscount(props.cart);
  const price = total - discount;
  */
  // The total is shown by its own component (see Total.tsx);
  // the discount too (see Discount.tsx);
  // the rest stands here.
  return <Total cart={props.cart} />;
}
