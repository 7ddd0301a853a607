def total(cart):
    return sum(cart.prices)


def empty(cart):
    return not cart.prices
