class Fires {
    void find(Statement statement, String name, String id) {
        statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'"); // fires
        connection.prepareStatement("DELETE FROM users WHERE id = " + id); // fires
        statement.executeUpdate(String.format("UPDATE users SET name = '%s' WHERE id = 1", name)); // fires
        jdbc.queryForList("SELECT * FROM users WHERE id = %s".formatted(id)); // fires
    }
    ResultSet later(Statement statement, String name) {
        String query = "SELECT * FROM users WHERE name = '" + name + "'";
        log(query);
        return statement.executeQuery(query); // fires
    }
}
