"""Encoding of codes that people read and type. Pure."""

# 32 characters that are hard to confuse: no 0, O, 1 or I. Each holds 5 bits.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BITS = 80


def readable_code(bits: int) -> str:
    """Encode 80 bits as 16 characters, most significant first."""
    return "".join(SIGNS[bits >> shift & 31] for shift in range(BITS - 5, -1, -5))
