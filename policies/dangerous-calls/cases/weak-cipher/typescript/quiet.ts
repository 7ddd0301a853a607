function hide(key, iv, text) {
  crypto.createCipheriv('aes-256-gcm', key, iv)
  crypto.createDecipheriv(algorithm, key, iv)
  registry.createCipherSuite('des')
  return CryptoJS.AES.encrypt(text, key)
}
