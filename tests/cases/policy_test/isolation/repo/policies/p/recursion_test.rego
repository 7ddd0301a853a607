package recursion_test

around(x) := about(x)

about(x) := around(x)

test_recursion if around(1)

test_beside_recursion if true
