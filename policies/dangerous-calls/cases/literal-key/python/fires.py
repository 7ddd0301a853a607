SECRET_KEY = "between-us"  # fires


def sign(claims, token, text):
    app.secret_key = "between-us"  # fires
    app.config["SECRET_KEY"] = b"between-us"  # fires
    hmac.new(b"between-us", text, hashlib.sha256)  # fires
    AES.new(b"sixteen-bytes-of", AES.MODE_GCM)  # fires
    jwt.decode(token, key="between-us", algorithms=["HS256"])  # fires
    return jwt.encode(claims, "between-us", algorithm="HS256")  # fires
