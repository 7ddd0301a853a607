package use_test

test_use if data.use.deny == {"a", "b"} with input as {"files": [{"path": "a"}, {"path": "b"}]}
