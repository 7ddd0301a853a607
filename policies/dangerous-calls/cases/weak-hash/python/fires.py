def store(password, data, key):
    first = hashlib.md5(password.encode()).hexdigest()  # fires
    signature = hashlib.sha1(data).hexdigest()  # fires
    second = hashlib.new("md5", password)  # fires
    mac = hmac.new(key, data, hashlib.md5)  # fires
    other = hmac.new(key, data, digestmod="md5")  # fires
    return private.sign(data, padding.PKCS1v15(), hashes.SHA1())  # fires


def hash_password(text):
    return hashlib.sha1(text).hexdigest()  # fires
