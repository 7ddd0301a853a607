def total(lines, cart):
    try:
        cart.save()
    except KeyError:
        pass
    try:
        cart.save()
    except Exception:
        # The cart is saved again at check-out.
        pass
    try:
        cart.save()
    except Exception:
        pass  # The cart is saved again at check-out.
    try:
        cart.save()
    except Exception as error:
        log.warning("not saved: %s", error)
    try:
        cart.save()
    except Exception:
        return None
    with contextlib.suppress(FileNotFoundError):
        os.remove(cart.path)
    try:
        shutil.rmtree(cart.folder)
    except Exception:
        pass
    try:
        lines = parse(cart.text)
    except Exception:
        pass
    else:
        return sum(lines)
    try:
        return cart.known()
    except Exception:
        pass
    # The name is only shown.
    try:
        cart.name = cart.owner.name
    except Exception:
        pass
    # Whatever happens here is told by the next line.
    with contextlib.suppress(Exception):
        cart.total()
    with contextlib.suppress(Exception):
        # The next line tells.
        cart.total()
