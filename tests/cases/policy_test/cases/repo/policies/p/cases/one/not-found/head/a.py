y = 2  # fires
