parent.postMessage(message, '*') // fires
response.setHeader('Access-Control-Allow-Origin', '*') // fires
app.use(cors({ origin: '*' })) // fires
