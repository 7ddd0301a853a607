def run(command, client):
    os.system(command)  # fires
    subprocess.run(command, shell=True)  # fires
    subprocess.Popen(self.command, shell=True)  # fires
    client.exec_command("ls " + command)  # fires
