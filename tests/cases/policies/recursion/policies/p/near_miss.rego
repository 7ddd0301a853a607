package near_miss

# A local may have the name of the rule it stands in, and parts of one object may use each other.
deny contains a if {
	some a in [1 | g(limits.low)]
	limits.high > 1
}

g(x) if h(x)

h(x) if {
	g := x
	g > 1
}

limits.low := 1

limits.high := limits.low + 1
