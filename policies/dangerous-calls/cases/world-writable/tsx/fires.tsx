fs.chmodSync(path, 0o777) // fires
await chmod(path, '666') // fires
