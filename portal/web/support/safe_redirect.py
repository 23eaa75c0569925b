"""Return addresses: a path on this site, nothing else. Pure."""

import re

SAFE = re.compile(r"/(?![/\\])[A-Za-z0-9/_\-.?=&%~+]*")


def safe_return(asked: str | None, otherwise: str) -> str:
    """The asked path if it stays on this site, else another."""
    return asked if asked and SAFE.fullmatch(asked) else otherwise
