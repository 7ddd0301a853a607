parent.postMessage(message, 'https://shop.example')
response.setHeader('Access-Control-Allow-Methods', '*')
app.use(cors({ origin: origins }))
map.set('a', '*')
