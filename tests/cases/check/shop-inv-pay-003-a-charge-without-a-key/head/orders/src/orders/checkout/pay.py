"""Paying."""


def pay(client, order):
    """Charge an order."""
    client.charge(order, order.amount_minor)
