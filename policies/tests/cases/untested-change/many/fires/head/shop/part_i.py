def total(cart):
    prices = []
    for line in cart:
        price = line.price()
        if line.reduced():
            price = price * 9 // 10
        prices.append(price)
    return sum(prices)
