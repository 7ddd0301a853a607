import shop.api.views
print(1)
