import shop.cart


def test_invoice():
    assert shop.cart.total([]) == 0
