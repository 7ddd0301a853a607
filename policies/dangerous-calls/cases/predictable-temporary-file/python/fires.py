def report(text):
    name = tempfile.mktemp()  # fires
    with open("/tmp/report.txt", "w") as file:  # fires
        file.write(text)
