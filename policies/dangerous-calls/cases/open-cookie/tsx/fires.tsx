app.use(session({ secret: key, cookie: { secure: false } })) // fires
response.cookie('session', value, { httpOnly: false }) // fires
