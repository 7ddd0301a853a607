package p_test

test_mock if count([1]) == 9 with count as 9
