fn find(client: &Client, name: &str, id: &str) {
    sqlx::query("SELECT * FROM users WHERE name = $1").bind(name);
    client.execute("DELETE FROM users WHERE id = $1", &[&id]);
    sqlx::query(&format!("SELECT * FROM {USERS} WHERE id = $1"));
    sqlx::query(&format!("SELECT * FROM {} WHERE id = $1", USERS));
    task.execute(&format!("update {name}"));
}
