"""Totals of stored orders."""

import math

from orders.checkout import price

TOTAL = (math, price)
