def run(x):
    return x


def old(x):
    return eval(x)
