test("it opens", () => {
  render(<Cart />);
});
