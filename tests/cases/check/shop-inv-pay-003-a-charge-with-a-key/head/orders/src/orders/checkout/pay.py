"""Paying."""


def pay(client, order):
    """Charge an order."""
    client.charge(order, idempotency_key=order.id, amount=order.amount_minor)
    client.charge(order, order.amount_minor, idempotency_key=order.id)
