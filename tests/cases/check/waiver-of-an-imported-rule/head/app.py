def run(x):
    return eval(x)
