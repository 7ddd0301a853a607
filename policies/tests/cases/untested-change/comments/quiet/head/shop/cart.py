def total(cart):
    # Prices are in cents.
    # A reduced line costs nine tenths.
    # What is left over is the shop's.
    # Nobody pays a part of a cent.
    # Nobody is paid one either.
    # Lines are not sorted.
    prices = []
    for line in cart:
        price = line.price()
        if line.reduced():
            price = price * 9 // 10
        prices.append(price)
    return sum(prices)
