def total(cart):
    try:
        cart.save(cart.path)
    except Exception:
        pass
