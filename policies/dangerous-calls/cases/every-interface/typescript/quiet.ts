server.listen(80, '127.0.0.1')
start({ host: settings.host })
const any = '0.0.0.0'
