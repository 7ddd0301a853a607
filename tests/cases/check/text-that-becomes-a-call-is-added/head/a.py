def go(u):
    launch(u)
    return 1
