from shop.cart import total


def test_total():
    cart = Cart([1, 2])
    assert total(cart) is not None
    assert cart.prices == [1, 2]
