from abc import abstractmethod
from typing import Protocol, overload


def refund(order):  # fires
    # TODO: implement
    pass


def credit(order):  # fires
    """Credits the customer of an order."""
    pass


def charge(order):  # fires
    raise NotImplementedError


def receipt(order):  # fires
    """Prints a receipt."""
    raise NotImplementedError("TODO: print the receipt")


class Ledger:
    # Whoever needs it writes his own.
    def opened(self):
        pass

    def balance(self):
        raise NotImplementedError

    @abstractmethod
    def close(self):
        pass

    def audit(self):  # fires
        # TODO: implement
        return None


class Priced(Protocol):
    def price(self): ...


@overload
def total(cart: list) -> int: ...


@overload
def total(cart: tuple) -> int: ...


def total(cart):
    return sum(cart)


@cli.group()
def shop():
    """The shop."""
    pass


def _ignore(event):
    pass


def ready():
    # TODO: ask the bank too
    return ledger.ready()
