export class Cart {
  // private total(): number {
  //   return this.prices.reduce(sum);
  // }

  pay(): void {}
  // eslint-disable-next-line no-empty
  // @ts-expect-error the bank has no types
  // prettier-ignore
}
