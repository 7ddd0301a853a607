def share(path, mode):
    os.chmod(path, 0o755)
    os.chmod(path, 0o1777)
    os.chmod(path, mode & ~stat.S_IWOTH)
    os.mkdir(path, 0o777)
