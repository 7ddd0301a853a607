package lib.unused

helper(x) := x
