class Other:
    x = "nothing in common"
    y = [3, 4, 5]
