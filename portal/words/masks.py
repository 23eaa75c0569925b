"""Masked addresses and numbers: recognisable to their owner, useless to others who see the screen."""


def masked_email(address: str) -> str:
    """The first letter and the domain: m•••@exempel.se"""
    name, _at, host = address.partition("@")
    # Always three dots: the length of the name would say more than its first letter.
    return f"{name[:1]}•••@{host}"


def masked_phone(number: str) -> str:
    """The first two digits and the last two, of a number in E.164: 07•• ••• •05"""
    shown = f"0{number[3:]}" if number.startswith("+46") else number
    return f"{shown[:2]}•• ••• •{number[-2:]}"


def masked_identity_number(number: str) -> str:
    """The date of birth: 19840609-••••"""
    return f"{number[:8]}-••••"
