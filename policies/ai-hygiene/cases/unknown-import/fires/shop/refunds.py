import fastshop  # fires


def refund(order):
    return fastshop.refund(order)
