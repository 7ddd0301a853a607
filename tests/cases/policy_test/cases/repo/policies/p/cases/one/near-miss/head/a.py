y = eval("2")
x = 1
