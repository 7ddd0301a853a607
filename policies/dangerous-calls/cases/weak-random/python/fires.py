def create(user):
    password = "".join(random.choice(LETTERS) for _ in range(12))  # fires
    user.reset_token = str(random.random())  # fires
    send(otp=random.randint(100000, 999999))  # fires


def generate_token():
    return "%032x" % random.getrandbits(128)  # fires
