package main.old

volumes[pod.spec.volumes[_]] {
	pod = input
	input.kind == "Pod"
}

named[pod.spec["volumes"][i].name] {
	pod := input
	i >= 0
}

deny_path[msg] {
	volumes[_].hostPath
	msg := sprintf("a path of the host: %v", [named])
}
