def price(table, key):
    try:
        return table[key]
    except:
        table.close()
        raise


def name(table, key):
    try:
        return table[key].name
    except Exception:
        return ""


def last(table):
    try:
        table.log()
    except BaseException:
        # Nobody is left to hear of it.
        pass


def run(job, queue):
    try:
        job()
    except BaseException as error:
        queue.put(error)


def main():
    try:
        run_all()
    except:
        traceback.print_exc()
        sys.exit(1)
