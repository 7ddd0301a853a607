def hide(key, iv, text):
    first = DES.new(key, DES.MODE_CBC, iv)  # fires
    second = Crypto.Cipher.ARC4.new(key)  # fires
    third = AES.new(key, AES.MODE_ECB)  # fires
    fourth = Cipher(algorithms.TripleDES(key), modes.CBC(iv))  # fires
    return Cipher(algorithms.AES(key), modes.ECB())  # fires
