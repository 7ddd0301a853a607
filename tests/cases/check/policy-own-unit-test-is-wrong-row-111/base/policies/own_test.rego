package own_test

import data.own

test_deny if {
	count(own.dney) == 0 with input as {"files": []}
}
