package marked_test

test_one if {
	1 == count([1, 2])
}
