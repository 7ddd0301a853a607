fs.chmodSync(path, 0o755)
await chmod(path, '644')
fs.mkdirSync(path, 0o777)
