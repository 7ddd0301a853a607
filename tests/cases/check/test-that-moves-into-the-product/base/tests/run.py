def run(text):
    total = 1
    return eval(text)
