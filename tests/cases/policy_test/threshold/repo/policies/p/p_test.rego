package p_test

test_source if data.p.deny == {"a.py"} with input as {"files": [{"path": "a.py", "class": "source", "added": 0}]}

test_no_lines if count(data.p.deny) == 0 with input as {"files": [{"path": "a.py", "class": "test", "added": 0}]}
