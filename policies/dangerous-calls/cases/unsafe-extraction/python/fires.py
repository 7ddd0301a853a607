def unpack(path, folder):
    tarfile.open(path).extractall(folder)  # fires
    with tarfile.open(path) as archive:
        archive.extractall(folder)  # fires


def later(path, folder):
    archive = tarfile.open(path)
    archive.extractall(folder)  # fires
