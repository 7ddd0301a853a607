"""What is for sale."""


def named(items, name):
    """Return the items of that name."""
    return [item for item in items if item.name == name]
