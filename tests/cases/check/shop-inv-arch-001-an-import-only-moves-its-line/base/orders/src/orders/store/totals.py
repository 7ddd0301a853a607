"""Totals of stored orders."""

from orders.checkout import price

TOTAL = price
