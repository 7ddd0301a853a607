X = 1


def stay(u):
    return launch(u)
