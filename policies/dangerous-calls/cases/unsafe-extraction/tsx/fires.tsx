const unzipper = require('unzipper')

function unpack(entry, folder) {
  entry.pipe(fs.createWriteStream(path.join(folder, entry.path))) // fires
}
