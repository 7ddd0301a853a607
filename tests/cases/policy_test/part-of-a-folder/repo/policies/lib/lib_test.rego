package lib_test

test_lib if data.lib.name({"path": "x"}) == "y"
