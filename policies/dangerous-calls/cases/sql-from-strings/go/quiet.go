package main

func find(db *sql.DB, name string, id int, placeholders string) {
	db.Query("SELECT * FROM users WHERE name = $1", name)
	db.Query("SELECT * "+"FROM users", name)
	db.Exec(fmt.Sprintf("DELETE FROM users WHERE id = %d", id))
	db.Query(fmt.Sprintf("SELECT * FROM users WHERE id IN (%s)", placeholders))
	cache.Get("select the user " + name)
	client.Get(fmt.Sprintf("https://example.com/%s", name))
}

func later(db *sql.DB, name string) error {
	query := "SELECT * FROM users WHERE name = $1"
	message := "SELECT * FROM users WHERE name = '" + name + "'"
	log.Print(message)
	rows, err := db.Query(query, name)
	return err
}
