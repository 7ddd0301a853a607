from shop.store import rows
