package mutual

import data.helper

deny contains "x" if {
	1 == 2
	even(input.change.totals.files)
}

even(n) if odd(n - 1)

odd(n) if helper.back(n)
