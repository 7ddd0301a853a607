"""A cart."""
import os, sys
import os.path as p
from . import money
from .money import Cents, Euro as E
from __future__ import annotations

__all__ = ["Cart", "_listed"]

LIMIT = 10
a, b = 1, 2


class Cart(Base):
    """What a customer is about to buy."""

    currency = "EUR"

    def __init__(self, items):
        self.items = items

    @property
    def total(self) -> Cents:
        """Adds up."""
        return sum(i.price for i in self.items)

    def _hidden(self):
        pass


def _listed():
    print("x")


def unlisted(x,
             y):
    return x
