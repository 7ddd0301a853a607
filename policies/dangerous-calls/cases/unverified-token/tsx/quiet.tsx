jwt.verify(token, key, { algorithms: ['EdDSA'] })
jwt.decode(token, key, false)
codec.decode(token, key, true)
const page = render({ algorithm: 'none' })
