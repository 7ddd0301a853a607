launch({ args: ['--remote-debugging-address=0.0.0.0'] }) // fires
spawn('node', ['--inspect=0.0.0.0:9229', 'server.js']) // fires
