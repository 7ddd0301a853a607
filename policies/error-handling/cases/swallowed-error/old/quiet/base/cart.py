def total(cart):
    try:
        cart.save()
    except Exception:
        pass
