# Copyright 2026 The Shop.
# Licensed under the Apache License, Version 2.0; see LICENSE.
# All rights reserved.


def total(cart):
    # total = sum(cart.prices)
    # if cart.discount:
    #     total = total - cart.discount
    # return total
    return price_of(cart)


def refund(order):
    # A refund goes to whoever paid. The bank wants it within a day,
    # and the customer wants it at once; so it is booked here,
    # and told to the bank at night.
    return ledger.credit(order)


# Example:
#     cart = Cart()
#     cart.add(apple)
#     cart.total()
def example():
    return 1


# +------+
# | cart |
# +------+
# https://example.org/cart
