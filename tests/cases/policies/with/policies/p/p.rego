package p

import data.lib

deny contains "a" if count([1]) == 2 with count as 2

deny contains "b" if lib.f(1) == 2 with lib.f as 2

deny contains "c" if lib.f(1) == 2 with data.lib.f as 2

deny contains "d" if own(1) == 2 with own as count

deny contains "e" if own(1) == 2 with http.send as 3

deny contains "f" if own(1) == 2 with nothing as 3

deny contains "ok1" if own(1) == 2 with own as 2

deny contains "ok2" if own(1) == 2 with own as other

deny contains "ok3" if own(1) == 2 with input.change.draft as true with data.limits as 2

own(x) := x

other(x) := x + 1
