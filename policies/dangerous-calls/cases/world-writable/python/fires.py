def share(path):
    os.chmod(path, 0o777)  # fires
    path.chmod(mode=0o666)  # fires
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXO)  # fires
