def pages(loader):
    jinja2.Environment(loader=loader, autoescape=False)  # fires
    Context(values, autoescape=False)  # fires
    return {"OPTIONS": {"autoescape": False}}  # fires
