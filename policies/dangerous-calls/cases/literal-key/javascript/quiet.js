jwt.sign(claims, process.env.TOKEN_KEY)
crypto.createHmac('sha256', key)
app.use(session({ secret: settings.secret }))
app.use(form({ secret: 'between-us' }))
const options = { secretOrKey: key }
