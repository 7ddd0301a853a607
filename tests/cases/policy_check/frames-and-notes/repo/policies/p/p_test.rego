package p_test

test_mock if data.p.wide({}) == 1 with sprintf as 1

test_broken if {
