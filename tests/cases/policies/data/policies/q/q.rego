package q

deny contains sprintf("%d %v %s", [data.limits.lines, data.list, data.text.word])
