import React from 'react';

export function Price({ cents }: Props) {
  return <b onClick={() => pay(cents)}>{format(cents)}</b>;
}

const Row = (props: Props) => <tr>{props.name}</tr>;
export default Row;
