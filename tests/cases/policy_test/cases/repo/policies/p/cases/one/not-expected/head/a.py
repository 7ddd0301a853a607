y = eval("2")
