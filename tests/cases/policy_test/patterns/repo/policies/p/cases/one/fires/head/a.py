x = eval(text)  # fires
