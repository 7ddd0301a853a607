package function

deny contains "x" if f(1)

f(x) := f(x + 1)
