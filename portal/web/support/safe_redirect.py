"""Return paths taken from a request: a path on this site, never another site. Pure."""

import re

# A second slash or a backslash would make it an address of another host to a browser.
SAFE_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9/_\-.?=&%~+]*")


def safe_return(path: str | None, default: str) -> str:
    """The path if it stays on this site, else the default."""
    return path if path and SAFE_PATH.fullmatch(path) else default
