def read_prices(path):
    prices = {}
    with open(path) as rows:
        for row in rows:
            name, price = row.split(",")
            if not price:
                continue
            price = price.strip()
            price = price.replace(" ", "")
            prices[name] = int(price)
    report(prices)
    return prices
