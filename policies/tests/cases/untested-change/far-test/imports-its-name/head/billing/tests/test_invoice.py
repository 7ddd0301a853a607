from shop.cart import total


def test_invoice():
    assert total([]) == 0
