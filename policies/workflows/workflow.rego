# What GitHub runs, as one shape: jobs, steps, and what they take from elsewhere.
#
# A workflow has `jobs`, a composite action `runs.steps`. What has another type than GitHub takes is left out here: it
# does not run. Every place is a path into the document.
package portcullis.workflows.workflow

# YAML 1.1 reads the key `on` as a truth value.
on := input["true"]

on := input.on if not input["true"]

triggers contains on if is_string(on)

triggers contains name if {
	is_array(on)
	some name in on
	is_string(name)
}

triggers contains name if {
	is_object(on)
	some name, _ in on
}

# They run with the rights of the repository, and what starts them may come from anybody.
privileged := triggers & {"issue_comment", "pull_request_target", "workflow_run"}

jobs[name] := job if {
	is_object(input.jobs)
	some name, job in input.jobs
	is_object(job)
}

steps contains entry if {
	some name, job in jobs
	is_array(job.steps)
	some index, step in job.steps
	is_object(step)
	entry := {"at": ["jobs", name, "steps", index], "job": name, "index": index, "step": step}
}

steps contains entry if {
	is_array(input.runs.steps)
	some index, step in input.runs.steps
	is_object(step)
	entry := {"at": ["runs", "steps", index], "job": "", "index": index, "step": step}
}

# Actions and reusable workflows.
uses contains {"at": array.concat(entry.at, ["uses"]), "what": trim_space(entry.step.uses)} if {
	some entry in steps
	is_string(entry.step.uses)
}

uses contains {"at": ["jobs", name, "uses"], "what": trim_space(job.uses)} if {
	some name, job in jobs
	is_string(job.uses)
}

# Images that jobs, services and actions run in.
images contains image if some image in of_jobs

of_jobs contains {"at": ["jobs", name, "container"], "job": name, "what": job.container} if {
	some name, job in jobs
	is_string(job.container)
}

of_jobs contains image if {
	some name, job in jobs
	is_object(job.container)
	image := {"at": ["jobs", name, "container", "image"], "job": name, "what": job.container.image}
	is_string(image.what)
}

of_jobs contains image if {
	some name, job in jobs
	is_object(job.services)
	some service, body in job.services
	is_object(body)
	image := {"at": ["jobs", name, "services", service, "image"], "job": name, "what": body.image}
	is_string(image.what)
}

# What an image of the matrix stands for.
images contains {"at": array.concat(place, [index]), "what": what} if {
	some [name, key] in of_matrix
	place := ["jobs", name, "strategy", "matrix", key]
	is_array(jobs[name].strategy.matrix[key])
	some index, what in jobs[name].strategy.matrix[key]
	is_string(what)
}

images contains {"at": ["jobs", name, "strategy", "matrix", "include", index, key], "what": row[key]} if {
	some [name, key] in of_matrix
	is_array(jobs[name].strategy.matrix.include)
	some index, row in jobs[name].strategy.matrix.include
	is_object(row)
	is_string(row[key])
}

of_matrix contains [image.job, key] if {
	some image in of_jobs
	some [_, key] in regex.find_all_string_submatch_n(`^\s*\$\{\{\s*matrix\.([A-Za-z0-9_-]+)\s*\}\}\s*$`, image.what, -1)
}

images contains {"at": use.at, "what": trim_prefix(use.what, "docker://")} if {
	some use in uses
	startswith(use.what, "docker://")
}

images contains {"at": ["runs", "image"], "what": trim_prefix(input.runs.image, "docker://")} if {
	is_string(input.runs.image)
	startswith(input.runs.image, "docker://")
}

# The environment that a step sees, by place: of the workflow, of its job, its own.
environments contains {"at": ["env"], "job": "*", "step": "*", "env": input.env} if is_object(input.env)

environments contains {"at": ["jobs", name, "env"], "job": name, "step": "*", "env": job.env} if {
	some name, job in jobs
	is_object(job.env)
}

environments contains environment if {
	some entry in steps
	is_object(entry.step.env)
	environment := {"at": array.concat(entry.at, ["env"]), "job": entry.job, "step": entry.index, "env": entry.step.env}
}

# Inputs of well-known actions that are run as a program.
script_inputs := {
	"actions/github-script": {"script"},
	"amadevus/pwsh-script": {"script"},
	"appleboy/ssh-action": {"script"},
	"azure/cli": {"inlinescript"},
	"azure/powershell": {"inlinescript"},
	"jannekem/run-python-script-action": {"script"},
	"mikefarah/yq": {"cmd"},
	"nick-fields/retry": {"command", "on_retry_command"},
	"nick-invision/retry": {"command", "on_retry_command"},
	"reactivecircus/android-emulator-runner": {"pre-emulator-launch-script", "script"},
}

# What is run as a program.
scripts contains {"at": array.concat(entry.at, ["run"]), "entry": entry, "text": entry.step.run} if {
	some entry in steps
	is_string(entry.step.run)
}

scripts contains {"at": array.concat(entry.at, ["with", name]), "entry": entry, "text": text} if {
	some entry in steps
	is_object(entry.step["with"])
	some name, text in entry.step["with"]
	is_string(text)
	lower(name) in script_inputs[action(entry.step)]
}

# The action of a step without its version.
action(step) := lower(split(trim_space(step.uses), "@")[0]) if is_string(step.uses)
