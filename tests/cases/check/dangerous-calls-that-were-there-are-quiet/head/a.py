x = 1


def run(text):
    return eval(text)
