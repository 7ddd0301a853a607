def pages(loader):
    jinja2.Environment(loader=loader, autoescape=True)
    jinja2.Environment(loader=loader, autoescape=select_autoescape())
    return {"OPTIONS": {"autoreload": False}}
