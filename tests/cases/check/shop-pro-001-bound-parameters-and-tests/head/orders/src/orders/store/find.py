"""Finding."""


def find(cursor, customer):
    """Return the orders of a customer."""
    cursor.execute("SELECT id FROM orders WHERE customer = %s", (customer,))
    return cursor.fetchall()
