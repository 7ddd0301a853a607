def open():
    return 1


def close():
    return 2
