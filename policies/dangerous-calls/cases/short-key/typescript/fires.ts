generateKeyPairSync('rsa', { modulusLength: 1024 }) // fires
generateKeyPairSync('ec', { namedCurve: 'secp160k1' }) // fires
const key = new NodeRSA({ b: 512 }) // fires
