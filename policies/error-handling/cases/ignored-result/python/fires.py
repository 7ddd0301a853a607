def save(path):
    subprocess.run(["sync", path])
    os.system("sync")
    subprocess.call(["sync", path], cwd="/")
