"""Tax."""


def tax(order):
    """Return the tax of an order."""
    return float(order.total) * 0.19
