def total(cart):
    sums = []
    for line in cart:
        cost = line.cost()
        if line.reduced():
            cost = cost * 9 // 10
        sums.append(cost)
    return sum(sums)
