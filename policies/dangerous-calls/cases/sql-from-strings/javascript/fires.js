async function find(db, name, id, table) {
  await db.query(`SELECT * FROM users WHERE name = '${name}'`); // fires
  await db.query("SELECT * FROM users WHERE id = " + id); // fires
  await db.execute(`UPDATE users SET name = '${name}' WHERE id = 1`, []); // fires
  db.prepare("DELETE FROM users WHERE id = " + id).run(); // fires
  await prisma.$queryRawUnsafe(`SELECT id FROM users WHERE name = '${name}'`); // fires
}
async function later(db, name) {
  const query = `SELECT * FROM users WHERE name = '${name}'`;
  log(query);
  const rows = await db.query(query); // fires
  return db.execute(query); // fires
}
