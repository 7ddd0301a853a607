launch({ args: ['--remote-debugging-port=0'] })
spawn('node', ['--inspect=127.0.0.1:9229', 'server.js'])
