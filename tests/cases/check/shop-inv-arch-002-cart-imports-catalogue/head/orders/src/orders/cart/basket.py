"""The basket."""

from orders.catalogue import items


def add(basket, item):
    """Put an item into the basket."""
    return [*basket, *items.named([item], item.name)]
