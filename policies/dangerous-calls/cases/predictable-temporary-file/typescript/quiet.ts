fs.writeFileSync(path.join(folder, 'report.txt'), text)
fs.writeFileSync(`/tmp/${folder}/report.txt`, text)
fs.readFileSync('/tmp/report.txt')
