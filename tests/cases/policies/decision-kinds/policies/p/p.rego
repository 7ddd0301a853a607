package p

deny := 3

deny_bool if input.change.draft

deny_object[msg] if {
	msg := "x"
}

deny_map[key] := value if {
	some key, value in {"a": 1}
}

violation.part contains "x"

warn(x) := x

default review := {}

warn_array := ["x"]

deny_right contains "x" if input.change.draft

deny_list := 1

helper[x] if some x in [1]

allowed if helper[1]
