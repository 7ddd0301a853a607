package main

func find(db *sql.DB, name string, id string) {
	db.Query("SELECT * FROM users WHERE name = '" + name + "'") // fires
	db.Exec(fmt.Sprintf("DELETE FROM users WHERE id = %s", id)) // fires
	db.QueryRowContext(ctx, fmt.Sprintf("SELECT * FROM users WHERE id = '%v'", id)) // fires
}

func later(db *sql.DB, name string) error {
	query := "SELECT * FROM users WHERE name = '" + name + "'"
	rows, err := db.Query(query) // fires
	if _, err := db.ExecContext(ctx, query); err != nil { // fires
		return err
	}
	return err
}
