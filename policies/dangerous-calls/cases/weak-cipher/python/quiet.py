def hide(key, iv, text):
    first = AES.new(key, AES.MODE_GCM, nonce=iv)
    second = Cipher(algorithms.AES(key), modes.GCM(iv))
    third = DES.describe(key)
    return ChaCha20.new(key=key)
