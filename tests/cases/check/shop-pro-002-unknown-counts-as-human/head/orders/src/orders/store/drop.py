"""Dropping."""


def drop(rows):
    """Take the first row away."""
    try:
        rows.pop(0)
    except Exception:
        pass
