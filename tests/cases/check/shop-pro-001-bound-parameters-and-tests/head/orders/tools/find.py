"""Finding."""


def find(cursor, customer):
    """Return the orders of a customer."""
    cursor.execute(f"SELECT id FROM orders WHERE customer = '{customer}'")
    return cursor.fetchall()
