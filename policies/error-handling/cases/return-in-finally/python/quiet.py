def total(cart):
    try:
        return cart.save()
    finally:
        for line in cart:
            if line.done:
                break
            continue

        def again():
            return cart.sum

        cart.close(again)
