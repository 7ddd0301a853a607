import requests


def refund(order):
    return requests.post(order.bank)
