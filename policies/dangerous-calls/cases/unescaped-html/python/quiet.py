def page(comment, loader):
    first = mark_safe("<br>")
    second = Markup("<b>{}</b>").format(comment)
    third = jinja2.Environment(loader=loader, autoescape=True)
    fourth = mark_safe(escape(comment))
    return jinja2.Environment(block_start_string="<%")
