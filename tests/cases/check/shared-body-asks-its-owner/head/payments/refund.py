def refund(order):
    return order.total - order.fee
