describe('cart', () => {
  test('adds', () => {
    const cart = new Cart([1, 2]);
    expect(total(cart)).toEqual(3);
  });
});
