def run(code, names):
    eval(code)  # fires
    exec(code, names)  # fires
    eval(f"{code}.total")  # fires
    return builtins.eval("1 + " + code)  # fires
