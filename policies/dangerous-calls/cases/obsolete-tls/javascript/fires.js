tls.connect({ secureProtocol: 'TLSv1_method' }) // fires
https.createServer({ minVersion: 'TLSv1' }) // fires
https.createServer({ maxVersion: 'TLSv1.1' }) // fires
tls.DEFAULT_MIN_VERSION = 'TLSv1' // fires
