"""Tax."""


def tax(order, ratio):
    """Return the tax of an order; never float(order.total)."""
    return int(order.total_minor * float(ratio))
