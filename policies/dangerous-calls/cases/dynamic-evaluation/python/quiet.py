def run(model, redis, frame, script):
    model.eval()
    redis.eval(script, 0)
    frame.eval("total = price * count")
    eval("1 + 1")
    exec("import sys")
    return ast.literal_eval(script)
