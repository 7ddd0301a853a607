export function Total(props: Props) {
  // TODO: taxes
  return <b>{props.total}</b>;
}
