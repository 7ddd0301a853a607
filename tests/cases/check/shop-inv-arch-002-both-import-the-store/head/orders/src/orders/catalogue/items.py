"""What is for sale."""

from orders.store import queries


def named(items, name):
    """Return the items of that name."""
    return [item for item in items if queries.order(None, item) == name]
