from orders.store.rows import ROWS


def test_rows():
    assert ROWS == 1
