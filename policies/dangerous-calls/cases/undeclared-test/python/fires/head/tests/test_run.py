def test_run():
    assert eval(text()) == 1
