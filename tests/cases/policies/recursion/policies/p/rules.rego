package rules

deny contains "x" if a

a := b

b := count([1 | a])
