def old(x):
    return eval(x)
