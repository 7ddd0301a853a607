class Quiet {
    void find(PreparedStatement statement, String name, int id) {
        connection.prepareStatement("SELECT * FROM users WHERE name = ?");
        connection.prepareStatement("SELECT * " + "FROM users WHERE id = ?");
        connection.prepareStatement("SELECT * FROM " + USERS + " WHERE id = ?");
        jdbc.queryForList("SELECT * FROM users WHERE id = ?", id);
        executor.execute("update " + name);
        digest.update("select " + name);
    }
    ResultSet later(Connection connection, String name) {
        String query = "SELECT * FROM users WHERE name = ?";
        String message = "SELECT * FROM users WHERE name = '" + name + "'";
        log(message);
        return connection.prepareStatement(query);
    }
}
