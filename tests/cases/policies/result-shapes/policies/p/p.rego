package p

deny_array contains ["x"]

deny_empty contains ""

deny_extra contains {"msg": "x", "pth": "a"}

deny_layer contains {"msg": "x", "layer": 3}

deny_line contains {"msg": "x", "line": "7"}

deny_loc contains {"msg": "ok", "_loc": {"file": "a.rs", "line": 7}}

deny_loc_wrong contains {"msg": "x", "_loc": {"file": "a.rs", "row": 7}}

deny_no_msg contains {"message": "x"}

deny_number contains 3

deny_number contains "the right one stays"

deny_path contains {"msg": "x", "path": null}

deny_right contains {
	"msg": "ok",
	"path": "a.rs",
	"line": 1,
	"column": 2,
	"end_line": 1,
	"end_column": 9,
	"symbol": "f",
	"fix": "do",
	"severity": "info",
}

deny_severity contains {"msg": "x", "severity": "high"}

deny_fraction contains {"msg": "x", "line": 1.5}

review contains {"msg": "ok", "layer": "architecture", "team": "core", "count": 2, "certified": ["a"], "rules": ["x"]}

review_certified contains {"msg": "x", "certified": ["a", "b"]}

review_layer contains {"msg": "x", "layer": 4}
