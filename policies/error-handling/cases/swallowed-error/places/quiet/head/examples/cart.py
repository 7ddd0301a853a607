def cart_example(cart):
    try:
        cart.save()
    except Exception:
        pass
