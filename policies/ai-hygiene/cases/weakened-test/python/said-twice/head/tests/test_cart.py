from shop.cart import total


def test_total():
    cart = Cart([1, 2])
    cart.touch()
    assert total(cart) == 3
    assert cart.prices == [1, 2]
