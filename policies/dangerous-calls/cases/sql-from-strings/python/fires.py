def find(cursor, name, key, table):
    cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")  # fires
    cursor.execute("SELECT * FROM users WHERE id = %s" % key)  # fires
    cursor.execute("DELETE FROM users WHERE id = " + key)  # fires
    cursor.execute("UPDATE users SET name = '{}'".format(name))  # fires
    db.executemany(f"INSERT INTO {table} VALUES (?)", [(1,)])  # fires
    session.execute(text(f"SELECT * FROM users WHERE id = {key}"))  # fires
    User.objects.raw("SELECT * FROM users WHERE name = '%s'" % name)  # fires


def later(cursor, name):
    query = f"SELECT * FROM users WHERE name = '{name}'"
    log(query)
    cursor.execute(query)  # fires
    return cursor.execute(query).fetchall()  # fires


def more(items, name):
    items.annotate(total=RawSQL("SELECT total FROM orders WHERE name = '%s'" % name, []))  # fires
    connection.cursor(f"SELECT total FROM orders WHERE name = '{name}'")  # fires
