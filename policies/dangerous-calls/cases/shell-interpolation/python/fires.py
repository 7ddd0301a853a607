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


def show_in_a_shell(folder):
    system("ls " + folder)  # fires
    subprocess.run(["sh", "-c", f"ls {folder}"])  # fires
    subprocess.check_output(["/bin/bash", "-lc", "ls " + folder], cwd="/")  # fires


def more(folder):
    os.popen2("ls " + folder)  # fires
    asyncio.subprocess.create_subprocess_shell(f"ls {folder}")  # fires
    return BashOperator(task_id="list", bash_command=f"ls {folder}")  # fires
