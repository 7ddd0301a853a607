x = = 1







def a():
    return 1
