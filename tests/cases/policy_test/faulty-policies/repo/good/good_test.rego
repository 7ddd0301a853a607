package good_test

test_draft if data.good.deny == {"x"} with input as {"change": {"draft": true}}
