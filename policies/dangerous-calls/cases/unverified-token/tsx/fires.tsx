jwt.verify(token, key, { algorithms: ['HS256', 'none'] }) // fires
jwt.sign(claims, key, { algorithm: 'none' }) // fires
jwt.decode(token, key, true) // fires
JWT.verify(token, JWK.None) // fires
const plain = new UnsecuredJWT(claims) // fires
