def stay(u):
    return launch(u)
