def keys():
    rsa.generate_private_key(public_exponent=65537, key_size=3072)
    rsa.generate_private_key(3, 2048)
    RSA.generate(4096)
    ec.generate_private_key(ec.SECP256R1())
    report.generate(1024)
