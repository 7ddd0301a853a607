def new(x):
    return eval(x)


def old(x):
    return eval(x)
