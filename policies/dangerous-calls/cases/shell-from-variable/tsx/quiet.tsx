child_process.exec('ls')
child_process.exec(COMMAND)
spawn(command, parts)
pattern.exec(text)
