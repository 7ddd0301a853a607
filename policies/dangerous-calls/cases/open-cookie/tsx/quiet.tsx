app.use(session({ secret: key, cookie: { secure: true } }))
connect({ secure: false })
context.addCookies([{ name: 'a', value: 'b', secure: false }])
