jwt.sign(claims, 'between-us') // fires
jwt.verify(token, Buffer.from('between-us')) // fires
crypto.createHmac('sha256', 'between-us') // fires
app.use(session({ secret: 'between-us', resave: false })) // fires
app.use(cookieParser('between-us')) // fires
const options = { secretOrKey: 'between-us' } // fires
