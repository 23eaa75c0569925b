"""A certified OpenID Provider that others have written, in Node, run as it is."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running import process

FOLDER = Path(__file__).parent
MISSING = "no certified provider: install node and npm, and run make tests/independent/node_modules/.locked"
# The citizens' door, which proves who it is by a secret, and the staff's, which does so by a key.
SECRET = "hemlig:het &+%="
PROVIDERS = """
[certifierad]
audience = "medborgare"
issuer = "{issuer}"
client_id = "certifierad"
client_secret = "{secret}"
acr = "http://id.elegnamnden.se/loa/1.0/loa3"
[certifierad-personal]
audience = "personal"
issuer = "{issuer}"
client_id = "certifierad-personal"
auth = "private_key_jwt"
acr = "http://id.elegnamnden.se/loa/1.0/loa3"
"""


def settings(issuer: str) -> str:
    """What PORTAL_OIDC_PROVIDERS names, for a portal that this provider knows."""
    return PROVIDERS.format(issuer=issuer, secret=SECRET)


@contextmanager
def serving(port: int, portal: str, log: Path) -> Iterator[str]:
    """The provider on this port; gives its issuer. Not installed means skipped, and in CI a failure."""
    node = shutil.which("node")
    if not node or not (FOLDER / "node_modules/oidc-provider").exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    issuer = f"http://127.0.0.1:{port}"
    with process([node, str(FOLDER / "provider.mjs"), str(port), portal], log, [f"{issuer}/jwks"]):
        yield issuer
