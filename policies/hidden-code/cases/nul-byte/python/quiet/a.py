print("\x00")
