fn find(client: &Client, name: &str, id: &str) {
    sqlx::query(&format!("SELECT * FROM users WHERE name = '{}'", name)); // fires
    client.execute(&format!("DELETE FROM users WHERE id = {id}"), &[]); // fires
    diesel::sql_query(format!("SELECT * FROM users WHERE id = {}", id)); // fires
}
