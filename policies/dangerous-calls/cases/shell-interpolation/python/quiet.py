def show(folder, user, device):
    subprocess.run(["ls", folder])
    subprocess.run(f"ls {folder}", shell=False)
    subprocess.run(f"{folder}/bin/tool")
    os.system("ls -l")
    os.system("ls " + "-l")
    os.system(f"ls {FOLDER}")
    subprocess.run("ls -l", shell=True)
    os.system(f"ls {shlex.quote(folder)}")
    os.system("ls " + shlex.quote(folder))
    device.system(f"reset {user}")
    task.run(f"{user}", shell=True)


def later(folder):
    command = "ls -l"
    message = f"ls {folder}"
    log(message)
    subprocess.run(command, shell=True)


def show_with_arguments(folder, ecosystem):
    subprocess.run(["sh", "-c", 'ls "$1"', "sh", folder])
    subprocess.run(["ls", "-c", f"{folder}"])
    ecosystem.system("ls " + folder)


def more(folder):
    os.popen2("ls")
    return BashOperator(task_id="list", bash_command="ls {{ params.folder }}")
