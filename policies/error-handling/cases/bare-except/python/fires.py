def price(table, key):
    try:
        return table[key]
    except:
        return None


def name(table, key):
    try:
        return table[key].name
    except BaseException:
        return ""
