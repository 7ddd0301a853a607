package dashed

deny contains "x" if 3-1 == 2
