package lib.used

helper(x) := x
