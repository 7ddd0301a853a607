import pytest
import unittest

from shop import Cart


def test_total():  # fires
    cart = Cart([1, 2])
    cart.total()


def test_empty():  # fires
    pass


def test_sum():
    assert Cart([1, 2]).total() == 3


def test_no_price():
    with pytest.raises(KeyError):
        Cart([None]).total()


def test_sorted():
    is_sorted(Cart([2, 1]))


def is_sorted(cart):
    assert cart.prices == sorted(cart.prices)


def test_prices():
    check_prices(Cart([2, 1]))


def test_close_does_not_raise():
    Cart([]).close()


@pytest.mark.skip(reason="the bank is closed")
def test_bank():
    Cart([]).pay()


class CartTest(unittest.TestCase):
    def test_total(self):
        self.assertEqual(Cart([1]).total(), 1)

    def test_inherited(self):
        self.compute(Cart([1]))

    def test_lost(self):  # fires
        cart = Cart([1])
        cart.pay()

    def helper(self):
        Cart([1]).pay()
