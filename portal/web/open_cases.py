"""The cases that this browser has opened by their codes, each under a handle of its own.

A handle is 128 random bits in the address of the case's pages. It tells nothing, and opens nothing without
the grant that the session holds for it.
"""

import secrets

from flask import session

from portal.cases.intake import code_access
from portal.identity.actors import CodeHolder

KEY = "grants"
# The handle of the case that its sender takes along through a sign-in.
TAKEN_ALONG = "taken_along"
# Few, since a browser drops a cookie above 4 kB.
MAX_OPEN = 8


def open_case(holder: CodeHolder) -> str:
    """Grant this browser a case; returns its handle. The oldest grant ends above MAX_OPEN."""
    handle = secrets.token_urlsafe(16)
    grants = _grants()
    grants[handle] = code_access.grant(holder)
    while len(grants) > MAX_OPEN:
        code_access.end_grants([grants.pop(next(iter(grants)))])
    session[KEY] = grants
    return handle


def handle_of(holder: CodeHolder) -> str | None:
    """The handle under which this browser has the case open; None if it has not."""
    return next((handle for handle in _grants() if code_holder(handle) == holder), None)


def code_holder(handle: str) -> CodeHolder | None:
    """The code holder of a handle; None without a valid grant of this browser."""
    token = _grants().get(handle)
    return code_access.code_holder_for_grant(token) if token else None


def was_opened(handle: str) -> bool:
    """Whether this browser has had a case open under a handle; without one, any case."""
    grants = _grants()
    return handle in grants if handle else bool(grants)


def latest() -> str | None:
    """The handle of the case that was opened last and is still open."""
    return next((handle for handle in reversed(_grants()) if code_holder(handle)), None)


def close_case(handle: str) -> None:
    """End the grant of a handle."""
    grants = _grants()
    if handle in grants:
        code_access.end_grants([grants.pop(handle)])
        session[KEY] = grants


def take_along(handle: str) -> None:
    """Keep the grant of a handle through the next sign-in as a citizen."""
    session[TAKEN_ALONG] = handle


def taken_along() -> str | None:
    """The handle that take_along() was called with in this session."""
    handle: str | None = session.get(TAKEN_ALONG)
    return handle


def end_grants(keep: str | None = None) -> None:
    """End the grants of this browser, except that of the handle `keep`."""
    for handle in _grants():
        if handle != keep:
            close_case(handle)


def _grants() -> dict[str, str]:
    """The tokens by handle, in the order in which the cases were opened."""
    return dict(session.get(KEY, {}))
