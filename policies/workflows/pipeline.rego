# What GitLab runs, as one shape: images, includes and the lines of scripts. Every place is a path into the document.
package portcullis.workflows.pipeline

# Keys at the top that are no jobs.
words := {"cache", "default", "include", "image", "pages", "services", "spec", "stages", "variables", "workflow"}

# Jobs and templates of jobs, what holds for all of them, and the document itself where it says so without `default`.
holders contains {"at": [name], "body": body} if {
	is_object(input)
	some name, body in input
	is_object(body)
	not name in words - {"default", "pages"}
}

holders contains {"at": [], "body": input} if is_object(input)

images contains {"at": array.concat(holder.at, ["image"]), "what": holder.body.image} if {
	some holder in holders
	is_string(holder.body.image)
}

images contains {"at": array.concat(holder.at, ["image", "name"]), "what": holder.body.image.name} if {
	some holder in holders
	is_string(holder.body.image.name)
}

images contains {"at": array.concat(holder.at, ["services", index]), "what": service} if {
	some holder in holders
	is_array(holder.body.services)
	some index, service in holder.body.services
	is_string(service)
}

images contains {"at": array.concat(holder.at, ["services", index, "name"]), "what": service.name} if {
	some holder in holders
	is_array(holder.body.services)
	some index, service in holder.body.services
	is_string(service.name)
}

includes contains {"at": ["include"], "entry": input.include} if is_object(input.include)

includes contains {"at": ["include"], "entry": {"remote": input.include}} if is_address(input.include)

includes contains {"at": ["include", index], "entry": entry} if {
	is_array(input.include)
	some index, entry in input.include
	is_object(entry)
}

includes contains {"at": ["include", index], "entry": {"remote": entry}} if {
	is_array(input.include)
	some index, entry in input.include
	is_address(entry)
}

is_address(entry) if {
	is_string(entry)
	regex.match(`^https?://`, entry)
}

# Pipelines that a job starts.
includes contains {"at": array.concat(holder.at, ["trigger", "include", index]), "entry": entry} if {
	some holder in holders
	is_array(holder.body.trigger.include)
	some index, entry in holder.body.trigger.include
	is_object(entry)
}

# The lines that a shell reads, whether they stand as one text, as a list, or as lists in it.
lines contains {"at": array.concat(text.at, [number]), "text": line} if {
	some text in texts
	some number, line in split(text.text, "\n")
}

texts contains {"at": array.concat(holder.at, [name]), "text": holder.body[name]} if {
	some holder in holders
	some name in {"after_script", "before_script", "script"}
	is_string(holder.body[name])
}

texts contains {"at": array.concat(holder.at, [name, index]), "text": text} if {
	some holder in holders
	some name in {"after_script", "before_script", "script"}
	is_array(holder.body[name])
	some index, text in holder.body[name]
	is_string(text)
}

texts contains {"at": array.concat(holder.at, [name, index, inner]), "text": text} if {
	some holder in holders
	some name in {"after_script", "before_script", "script"}
	is_array(holder.body[name])
	some index, list in holder.body[name]
	is_array(list)
	some inner, text in list
	is_string(text)
}
