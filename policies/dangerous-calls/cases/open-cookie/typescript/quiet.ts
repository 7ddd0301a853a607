app.use(session({ secret: key, cookie: { secure: true } }))
connect({ secure: false })
