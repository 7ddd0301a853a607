a = 1
new = 5
b = 2
c = 3
last = 4
