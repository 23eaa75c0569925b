"""Codes that people read and type: signs that can be told apart, without 0 O 1 I. Pure."""

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BITS = 80


def readable(bits: int) -> str:
    """80 bits as 16 signs."""
    return "".join(SIGNS[bits >> shift & 31] for shift in range(BITS - 5, -1, -5))
