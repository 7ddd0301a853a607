"""A cart."""
import os, sys
import subprocess
import os.path as p
from . import money
from .money import (
    Cents,
    Euro as E,
)
from ..shop import *
from __future__ import annotations

__all__ = ["Cart", "_listed"]

LIMIT = 20
a, b = 1, 2


class Cart(Base):
    """What a customer is about to buy."""

    currency = "EUR"

    def __init__(self, items, owner=None):
        self.items = items

    @property
    @cached
    def total(self) -> Cents:
        """Adds up."""
        return sum(i.price for i in self.items)

    def _hidden(self):
        def inner():
            x = 1
            return eval("x")
        return inner()


def _listed():
    if sys:
        print("x")


def unlisted(x, y):
    return x


async def fresh(): ...
