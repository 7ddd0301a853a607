package p

deny contains "every over nothing holds" if not all_added([])

deny contains "every" if all_added([{"s": "added"}, {"s": "kept"}])

all_added(list) if every x in list { x.s == "added" }

deny contains "else" if grade(5) != "b"

grade(n) := "a" if {
	n > 9
} else := "b" if {
	n > 4
} else := "c"

deny contains "default" if limit != 7

default limit := 7

limit := 8 if input.change.draft

deny contains "set union" if {1, 2} | {2, 3} != {1, 2, 3}

deny contains "difference" if {1, 2} - {2} != {1}

deny contains "object.get" if object.get({"a": {"b": 1}}, ["a", "b"], 0) != 1

deny contains "object.get default" if object.get({"a": 1}, "b", 5) != 5

deny contains "substring" if substring("abcdef", 2, 3) != "cde"

deny contains "split" if split("a/b", "/") != ["a", "b"]

deny contains "sprintf" if sprintf("%d %s %v %.2f", [3, "x", {"a"}, 1.5]) != "3 x {\"a\"} 1.50"

deny contains "glob" if not glob.match("src/**/*.rs", ["/"], "src/a/b.rs")

deny contains "glob stops" if glob.match("src/*.rs", ["/"], "src/a/b.rs")

deny contains "sort" if sort({3, 1, 2}) != [1, 2, 3]

deny contains "max of nothing is undefined" if max([]) > 0

deny contains "walk" if count([1 | walk({"a": [1, 2]}, [_, v]); is_number(v)]) != 2

deny contains "semver" if semver.compare("1.2.3", "1.10.0") != -1

deny contains "reachable" if graph.reachable({"a": ["b"], "b": []}, {"a"}) != {"a", "b"}

deny contains "not of undefined" if not undefined_is_not_true

undefined_is_not_true if not never

never if input.change.base == "never"

warn contains "in" if not "a" in ["a"]

warn contains "key in" if not has_key

has_key if "k", 1 in {"k": 1}

warn contains "object comprehension" if {k: v | some k, v in ["x"]} != {0: "x"}

warn contains "upper" if upper("a") != "A"

warn contains "trim" if trim_space(" a ") != "a"

warn contains "replace" if replace("a.b", ".", "/") != "a/b"

warn contains "numbers" if 7 % 4 != 3

warn contains "unicode count" if count("\u00e9") != 1
