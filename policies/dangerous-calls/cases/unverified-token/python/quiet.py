def read(token, key):
    jwt.decode(token, key, algorithms=["EdDSA"])
    jwt.decode(token, key, options={"verify_signature": True})
    codec.decode(token, verify=False)
    return jwt.encode({"sub": "a"}, key, algorithm="EdDSA")
