"""What the measured server runs: the portal, and the floor beside it in the same processes."""

from collections.abc import Callable, Iterable
from typing import Any

from portal import create_app
from tests.bench.serving import floor

_portal = create_app()
_floor = floor.create()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Send an address of the floor to the floor, and every other to the portal."""
    chosen = _floor if environ["PATH_INFO"].startswith(floor.PREFIX) else _portal
    return chosen(environ, start_response)
