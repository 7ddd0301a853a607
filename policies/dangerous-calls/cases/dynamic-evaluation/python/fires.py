def run(code, names):
    eval(code)  # fires
    exec(code, names)  # fires
    eval(f"{code}.total")  # fires
    return builtins.eval("1 + " + code)  # fires


def more(name, code):
    logging.config.listen(9999)  # fires
    flask.render_template_string(f"Hello {name}")  # fires
    environment.from_string("Hello " + name)  # fires
    _testcapi.run_in_subinterp(code)  # fires
    return AutoModel.from_pretrained("shop/prices", trust_remote_code=True)  # fires
