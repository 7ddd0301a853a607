tls.connect({ secureProtocol: 'TLSv1_2_method' })
https.createServer({ minVersion: 'TLSv1.2' })
use({ version: 'TLSv1' })
