import orders


def rule_0(order):
    return orders.sum(order) // 2


