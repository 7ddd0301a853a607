SECRET_KEY = os.environ["SECRET_KEY"]


def sign(claims, key, text):
    app.secret_key = ""
    app.secret_key = load_key()
    hmac.new(key, text, hashlib.sha256)
    codec.encode(text, "utf-8")
    return jwt.encode(claims, key, algorithm="HS256")
