package p_test

test_x if true
