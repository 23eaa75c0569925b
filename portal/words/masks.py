"""Addresses and numbers shown so that their owner knows them and nobody else learns them."""


def masked_email(address: str) -> str:
    """m•••@exempel.se"""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"


def masked_phone(number: str) -> str:
    """•••• 05: the last two digits of a telephone number."""
    return f"•••• {number[-2:]}"


def masked_identity_number(number: str) -> str:
    """19840609-••••: the day of birth is no secret to its owner, the rest is."""
    return f"{number[:8]}-••••"
