def run(model, redis, frame, script):
    model.eval()
    redis.eval(script, 0)
    frame.eval("total = price * count")
    eval("1 + 1")
    exec("import sys")
    return ast.literal_eval(script)


def more(name, text):
    logging.config.listen(9999, verify=check)
    flask.render_template_string("Hello {{ name }}", name=name)
    environment.from_string(text)
    return AutoModel.from_pretrained("shop/prices", trust_remote_code=False)
