export function Cart(props: Props) { // fires
  // TODO: implement
  return null;
}

export function Total(props: Props) {
  return <b>{props.total}</b>;
}
