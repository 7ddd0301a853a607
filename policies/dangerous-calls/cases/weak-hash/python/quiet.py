def store(body, path, password, key):
    etag = hashlib.md5(body).hexdigest()
    cache_key = hashlib.sha1(path).hexdigest()
    known = hashlib.md5(password, usedforsecurity=False)
    strong = hashlib.sha256(password).hexdigest()
    mac = hmac.new(key, body, hashlib.sha256)
    return private.sign(body, padding.PKCS1v15(), hashes.SHA256())
