"""What the store holds."""

from orders.store import queries


def stored(connection, order_id):
    """Return one order."""
    return queries.order(connection, order_id)
