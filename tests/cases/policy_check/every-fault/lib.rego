package lib

helper := "3"

func(x) := x
