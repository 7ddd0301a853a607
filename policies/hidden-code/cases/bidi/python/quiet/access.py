def may_enter(role):
    # U+202E written as an escape: "\u202E"
    return role == "admin"
