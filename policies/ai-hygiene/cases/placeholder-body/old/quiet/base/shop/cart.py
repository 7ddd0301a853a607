def refund(order):
    # TODO: implement
    pass
