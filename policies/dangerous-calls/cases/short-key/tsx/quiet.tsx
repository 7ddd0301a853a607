generateKeyPairSync('rsa', { modulusLength: 3072 })
generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = new NodeRSA({ b: 2048 })
draw({ b: 512 })
