def test_cart(cart):
    try:
        cart.save()
    except Exception:
        pass
