def total(lines, cart):
    try:
        cart.save()
    except Exception:
        pass
    try:
        cart.save()
    except (ValueError, Exception) as error: ...
    for line in lines:
        try:
            cart.add(line)
        except BaseException as error:
            continue
    with contextlib.suppress(Exception):
        cart.total()
