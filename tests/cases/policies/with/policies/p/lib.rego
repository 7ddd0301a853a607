package lib

f(x) := x
