import React, { useState } from 'react';
import './style.css';

export function Price({ cents, currency }: Props) {
  return <b onClick={() => pay(cents)}>{format(cents)}</b>;
}

const Row = (props: Props) => <tr dangerouslySetInnerHTML={{ __html: render(props) }} />;
export default Row;
