def fake(order):
    pass
