def read(token, key):
    jwt.decode(token, verify=False)  # fires
    jwt.decode(token, key, options={"verify_signature": False})  # fires
    jwt.decode(token, key, algorithms=["HS256", "none"])  # fires
    return jwt.encode({"sub": "a"}, None, algorithm="none")  # fires
