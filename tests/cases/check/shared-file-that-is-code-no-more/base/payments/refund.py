def refund(order):
    return order.total
