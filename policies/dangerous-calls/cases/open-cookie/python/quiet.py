SESSION_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = False


def answer(response, value):
    response.set_cookie("session", value, httponly=True)
    response.set_option("secure", secure=False)
