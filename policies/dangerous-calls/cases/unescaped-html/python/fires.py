def page(comment, loader):
    first = mark_safe(comment)  # fires
    second = Markup(f"<b>{comment}</b>")  # fires
    third = jinja2.Environment(loader=loader)  # fires
    return mako.template.Template(comment)  # fires
