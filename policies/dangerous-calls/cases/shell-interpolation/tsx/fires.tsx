function list(folder, user) {
  exec(`ls ${folder}`); // fires
  execSync("ls " + folder, { stdio: "inherit" }); // fires
  child_process.exec(`id ${user}`, done); // fires
  cp.execSync("id " + user.name); // fires
  spawn(`ls ${folder}`, { shell: true }); // fires
  spawnSync("sh", ["-c", `ls ${folder}`]); // fires
}
function later(folder) {
  const command = `ls ${folder}`;
  log(command);
  execSync(command); // fires
}
