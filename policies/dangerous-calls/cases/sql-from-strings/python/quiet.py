def find(cursor, sql, name, key, ids, module):
    cursor.execute(sql, [key])
    cursor.execute("SELECT * FROM users WHERE name = %s", (name,))
    cursor.execute("SELECT * " + "FROM users", (name,))
    cursor.execute(f"SELECT * FROM {TABLE} WHERE id = ?", (key,))
    placeholders = ",".join("?" for _ in ids)
    cursor.execute(f"SELECT * FROM users WHERE id IN ({placeholders})", ids)
    module.execute(f"select the user {name}")
    pool.execute(f"{name} --update")
    print(f"SELECT * FROM users WHERE name = '{name}'")


def later(cursor, name):
    query = "SELECT * FROM users WHERE name = %s"
    message = f"SELECT * FROM users WHERE name = '{name}'"
    log(message)
    cursor.execute(query, (name,))


def more(items, name):
    items.annotate(total=RawSQL("SELECT total FROM orders WHERE name = %s", (name,)))
    connection.cursor(name)
