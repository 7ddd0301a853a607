export class Chain {
  push(run) {
    const result = this.chain.then(run);
    this.chain = result.catch(() => {});
    const size = this.measure().catch(() => undefined);
    return Promise.all([result, size.catch(() => {})]);
  }
}
