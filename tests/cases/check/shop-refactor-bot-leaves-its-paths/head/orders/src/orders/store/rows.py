"""Rows."""

ROWS = 1
