package p

deny contains "x" if data.limits.lines > data.p.own

limit := 2
