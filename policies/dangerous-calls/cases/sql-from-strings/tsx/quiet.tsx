async function find(db, name, id, ids) {
  await db.query("SELECT * FROM users WHERE name = $1", [name]);
  await db.query("SELECT * " + "FROM users", [id]);
  await db.query(`SELECT * FROM ${USERS} WHERE id = ?`, [id]);
  await db.query(sql`SELECT * FROM users WHERE id = ${id}`);
  await prisma.$queryRaw`SELECT * FROM users WHERE id = ${id}`;
  const placeholders = ids.map(() => "?").join(",");
  await db.query(`SELECT * FROM users WHERE id IN (${placeholders})`, ids);
  cache.get(`select the user ${name}`);
  return page.query(`#user-${id}`);
}
async function later(db, name) {
  const query = "SELECT * FROM users WHERE name = $1";
  const message = `SELECT * FROM users WHERE name = '${name}'`;
  log(message);
  return db.query(query, [name]);
}
