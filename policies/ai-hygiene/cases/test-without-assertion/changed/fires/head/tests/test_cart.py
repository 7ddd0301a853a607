def test_total():
    cart = Cart([1, 2])
    cart.total()
