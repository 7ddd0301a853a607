child_process.exec(command) // fires
execSync(step.command) // fires
spawn(command, { shell: true }) // fires
spawn('sh', ['-c', command]) // fires
