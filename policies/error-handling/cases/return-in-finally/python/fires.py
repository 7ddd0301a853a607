def total(cart):
    try:
        cart.save()
    finally:
        cart.close()
        return cart.sum


def first(carts):
    for cart in carts:
        try:
            cart.save()
        finally:
            if cart.done:
                break
