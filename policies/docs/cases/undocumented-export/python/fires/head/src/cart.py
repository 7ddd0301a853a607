def alpha(cart):
    """Returns the value of the cart."""
    return cart.alpha


def beta(cart):
    """Returns the value of the cart."""
    return cart.beta


def gamma(cart):
    """Returns the value of the cart."""
    return cart.gamma


def delta(cart):
    """Returns the value of the cart."""
    return cart.delta


def total(cart):
    return cart.total
