"""Formats of telephone numbers, identity numbers and readable codes, without database or web."""
