package lib

f(x) := x

limit := 2

one := 2
