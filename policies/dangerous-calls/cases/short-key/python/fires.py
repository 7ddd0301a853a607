def keys():
    rsa.generate_private_key(public_exponent=65537, key_size=1024)  # fires
    dsa.generate_private_key(1024)  # fires
    RSA.generate(bits=1024)  # fires
    ec.generate_private_key(ec.SECP192R1())  # fires
    pair.generate_key(crypto.TYPE_RSA, 512)  # fires
