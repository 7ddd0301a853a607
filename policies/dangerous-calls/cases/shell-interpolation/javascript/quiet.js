function list(folder, text, pattern, db) {
  /re/.exec(`${text}`);
  pattern.exec(`a ${text}`);
  db.exec("select " + text);
  exec("ls -l");
  execSync(`ls ${FOLDER}`);
  execSync("ls " + "-l");
  execFile("ls", ["-l", folder]);
  spawn("ls", [`${folder}/a`]);
  spawn(`${folder}/bin/tool`, ["--version"]);
  spawn("sh", ["-c", "ls -l"]);
  execSync(`taskkill /pid ${child.pid} /T /F`);
}
function later(folder) {
  const command = "ls -l";
  const message = `ls ${folder}`;
  log(message);
  execSync(command);
}
