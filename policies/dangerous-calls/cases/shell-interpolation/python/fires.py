def show(folder, user):
    os.system(f"ls {folder}")  # fires
    os.popen("ls " + folder)  # fires
    subprocess.run(f"ls {folder}", shell=True)  # fires
    subprocess.check_output("ls %s" % folder, cwd="/", shell=True)  # fires
    subprocess.Popen("id {}".format(user), shell=True)  # fires
    subprocess.getoutput(f"id {user.name}")  # fires
    call(args=f"ls {folder}", shell=True)  # fires


def later(folder):
    command = f"ls {folder}"
    log(command)
    os.system(command)  # fires
    return subprocess.run(command, shell=True)  # fires
