def test_invoice():
    assert invoice() is None
