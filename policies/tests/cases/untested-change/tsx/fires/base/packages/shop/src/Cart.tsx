export function Cart(props: Props) {
  return <b>{props.total}</b>;
}
