def report(text):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
    with open(f"/tmp/{folder}/report.txt", "w") as file:
        file.write(text)
    return open("/tmp/report.txt")
