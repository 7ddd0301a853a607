def create(user, words):
    password = "".join(secrets.choice(LETTERS) for _ in range(12))
    delay = random.uniform(0, 1)
    token = random.choice(words)
    sample = random.sample(words, 3)
    nonce = random.SystemRandom().getrandbits(64)
    return [random.random() for _ in range(3)]
