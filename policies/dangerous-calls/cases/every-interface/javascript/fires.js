server.listen(80, '0.0.0.0') // fires
start({ host: '0.0.0.0' }) // fires
