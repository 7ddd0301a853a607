SESSION_COOKIE_SECURE = False  # fires


def answer(response, value):
    response.set_cookie("session", value, httponly=False)  # fires
    app.config["SESSION_COOKIE_HTTPONLY"] = False  # fires
