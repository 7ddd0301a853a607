"""Where migrations stand."""

FOLDER = "migrations"
