def run(command, folder):
    os.system("ls")
    os.system(COMMAND)
    subprocess.run(command)
    subprocess.run(["ls", folder], shell=False)
