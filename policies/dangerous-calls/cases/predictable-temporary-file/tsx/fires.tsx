fs.writeFileSync('/tmp/report.txt', text) // fires
const stream = createWriteStream(`/var/tmp/report.txt`) // fires
