package main.sub

deny contains "x" if input.kind == "Pod"
