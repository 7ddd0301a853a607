# The cart.
def refund(order):
    # TODO: implement
    pass
