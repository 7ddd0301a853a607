package p

import data.image
import data.lib
import data.lib.one

deny contains "1 evaluates all of data.lib" if lib.limit > 1

deny contains "1 near miss" if {
	lib.f(1) > 0
	data.lib.limit > 1
	one > 1
}

deny contains "2 a local named like an import" if {
	some image in input.change.tickets
	image == "x"
}

deny contains "3 declared inside its own value" if {
	x := [x | some x in [1, 2]]
	count(x) > 1
}

deny contains "3 near miss" if {
	y := [x | some x in [1, 2]]
	count(y) > 1
}

deny contains "4 the next line is a call" if {
	input.change.base == lib.limit
	(1 + 1) == 2
}

deny contains "4 near miss" if {
	input.change.base == "x";
	(1 + 1) == 2
}

deny contains "5 of another package" if lib.f(1) == 2 with lib.f as 2

deny contains "8 too large" if regex.match(`\w{1,50}`, input.change.base)

deny contains "8 near miss" if regex.match(`[A-Za-z0-9_]{1,64}`, input.change.base)

deny contains image.name
