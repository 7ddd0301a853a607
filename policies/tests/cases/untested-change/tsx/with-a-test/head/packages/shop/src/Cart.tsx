export function Cart(props: Props) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return <button onClick={() => setOpen(true)}>{props.total}</button>;
  }
  return <List lines={props.lines} />;
}
