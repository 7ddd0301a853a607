package p_test

test_before if true

test_broken if {
	x ==
}

test_endless if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a + b < 0
}

test_panics if strings.count("x", "") == 1

test_unsafe if nothing_binds == 1

test_unknown if no_such_function(1)

test_two_errors if [y | some x in [1]] == []

test_mock_of_another_package if data.p.loud([1]) == 9 with data.p.loud as 9

test_mock_of_a_builtin if count([1]) == 9 with count as 9

test_last if true
