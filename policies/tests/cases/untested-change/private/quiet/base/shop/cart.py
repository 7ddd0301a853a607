def _total(cart):
    return sum(cart)
