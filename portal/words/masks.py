"""Addresses shown so that their owner knows them and nobody else learns them."""


def masked_email(address: str) -> str:
    """m•••@exempel.se"""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"
