def save(path, options):
    subprocess.run(["sync", path], check=True)
    subprocess.run(["sync", path], **options)
    if os.system("sync") != 0:
        raise OSError("not synced")
    done = subprocess.run(["sync", path])
    subprocess.check_call(["sync", path])
    # What is not synced now is synced later.
    subprocess.call(["sync"])
    return done.returncode


def sync():
    # What is not synced now is synced later.
    os.system("sync")
