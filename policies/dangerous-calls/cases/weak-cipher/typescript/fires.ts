function hide(key, iv, text) {
  crypto.createCipher('aes-256-cbc', key) // fires
  crypto.createCipheriv('des-ede3-cbc', key, iv) // fires
  createDecipheriv('aes-128-ecb', key, null) // fires
  CryptoJS.TripleDES.encrypt(text, key) // fires
  return CryptoJS.AES.encrypt(text, key, { mode: CryptoJS.mode.ECB }) // fires
}
