const unzipper = require('unzipper')

function unpack(entry, folder) {
  const target = path.join(folder, entry.path)
  if (!target.startsWith(folder + path.sep)) throw new Error(entry.path)
  entry.pipe(fs.createWriteStream(target))
}

function show(file, folder) {
  return path.join(folder, file.path)
}
