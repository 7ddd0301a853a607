def unpack(path, folder):
    tarfile.open(path).extractall(folder, filter="data")
    with tarfile.open(path) as archive:
        archive.extractall(folder, members=safe(archive))
    with zipfile.ZipFile(path) as box:
        box.extractall(folder)
