def name():
    return "cart"
