def test_run():
    assert literal_eval(text()) == 1
