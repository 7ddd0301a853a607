# Copyright The Shop

"""Refunds: who gets how much back."""

import orders


def rule_0(order):
    return orders.sum(order) // 2


def rule_1(order):
    return orders.sum(order) // 3


def rule_2(order):
    return orders.sum(order) // 4


def rule_3(order):
    return orders.sum(order) // 5


def rule_4(order):
    return orders.sum(order) // 6


def rule_5(order):
    return orders.sum(order) // 7


def rule_6(order):
    return orders.sum(order) // 8


def rule_7(order):
    return orders.sum(order) // 9


def rule_8(order):
    return orders.sum(order) // 10


