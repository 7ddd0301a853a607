from shop.store import rows
print(rows)
