package p

denny contains "a" if input.change.draft

vioaltion contains "b" if input.change.draft

waring contains "c" if input.change.draft

denyFoo contains "d" if input.change.draft

deny_ contains "e" if input.change.draft

Deny contains "f" if input.change.draft

reviews contains "g" if input.change.draft

# Used, so it may be called so.
warned contains "h" if input.change.draft

deny contains x if some x in warned

# Far from any decision name.
owners contains "i" if input.change.draft

denylist := {"x"}
