"""Return paths taken from a request: a path on this site, never another site. Pure."""

import re

# Characters: the path waits in the cookie of the session, which browsers limit to 4 kB.
MAX_LENGTH = 800
# A return address inside a return address, which each sign-in would make longer.
NESTED = re.compile(r"nasta(=|%(25)*3d)", re.IGNORECASE)
# A second slash or a backslash would make it an address of another host to a browser.
SAFE_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9/_\-.?=&%~+]*")


def safe_return(path: str | None, default: str) -> str:
    """The path if it stays on this site, is short and nests return paths once at most; else the default."""
    if not path or len(path) > MAX_LENGTH or len(NESTED.findall(path)) > 1:
        return default
    return path if SAFE_PATH.fullmatch(path) else default
