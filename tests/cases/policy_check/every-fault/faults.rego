package everything

import data.image
import data.lib
import data.lib
import data.never_used

deny_unknown_function contains "x" if {
	1 == 2
	no_such_function(1)
}

deny_wrong_arity contains "x" if {
	1 == 2
	startswith("only one")
}

value := unsafe_one

other_value := unsafe_two if input.change.draft

f(x) := f(x)

a := b

b := a

warn[msg] if {
	msg := "an object"
}

text_and_number := 1 + "a"

wrong_argument := upper(5)

deny_unused contains "x" if {
	unused := input.change.base
	true
}

deny_shadowed_input contains "x" if {
	input := 3
	input == 3
}

deny_shadowed_rule contains "x" if {
	value := input.change.base
	value == ""
}

deny_unsafe_body contains "x" if {
	nothing_binds_this == 4
}

deny_second_error contains "x" if {
	nor_this == 4
}

deny_package_import contains "x" if lib.helper == 3

deny_local_like_import contains "x" if {
	some image in input.files
	image.path == ""
}

deny_reused_variable contains "x" if {
	X := [X | some X in input.change.labels]
	count(X) > 0
}

deny_line_call contains "x" if {
	y := input.change.base
	z := y
	(1 + 2) == 3
	z == y
}

deny_with_function contains "x" if {
	data.lib.func(1) == 9 with data.lib.func as 9
}

deny_with_builtin contains "x" if {
	count([1]) == 1 with count as 9
}

deny_builtin_as_mock contains "x" if {
	own(1) == 1 with own as count
}

own(x) := x

deny_formats contains msg if {
	msg := sprintf("%-10s %5.2f %t", [input.change.base, 1.5, true])
}

deny_format_count contains msg if {
	msg := sprintf("%s and %s", [input.change.base])
}

deny_regex contains "x" if regex.match(`\w{1,50}\w{1,50}`, input.change.base)

g(null)

p[x] { x := 1 } { x := 2 }

deep := [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]

template := $"hello {a}"

never_closed := [1, 2

deny_body_error contains msg if {
	msg == == 1
}

denny contains "x" if input.change.draft

deny_misspelt_path contains "x" if {
	some file in input.files
	file.paht == "x"
}

deny_computed contains "x" if input[some_key].base == ""

some_key := "change"

parameter(file) := file.paht

deny_uses contains "x" if parameter(input.files[0]) == ""

deny_shape contains {"message": "x", "line": 3} if input.change.draft

deny_key contains {"msg": "x", "lin": 3} if input.change.draft

deny_type contains {"msg": 5, "line": 3} if input.change.draft

warn_layer contains {"msg": "x", "layer": 2} if input.change.draft

deny_named contains finding if {
	finding := {"msg": "x", "severity": "bad"}
}

deny_number contains 7 if input.change.draft

deny_contradiction contains "x" if {
	input.change.base == "one"
	input.change.base == "two"
}

deny_with_import contains "x" if lib.func(1) == 9 with lib.func as mock_of_func

mock_of_func(x) := 9

deny_lacking contains "x" if array.flatten([[1]]) == [1]

deny_not_offered contains "x" if http.send({"method": "get"}).status_code == 200

import data.late
