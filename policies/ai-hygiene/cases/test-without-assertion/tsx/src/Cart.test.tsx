test('renders', () => { // fires
  render(<Cart />);
});

test('shows the total', () => {
  render(<Cart />);
  expect(screen.getByText('3')).toBeInTheDocument();
});
