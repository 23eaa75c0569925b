"""Unsent forms that wait for a sign-in, each named by a handle so that every tab returns to its own.

The handle is in the address. It opens nothing without the token that this browser's session holds for it.
"""

import json
import secrets

from flask import session

from portal.cases.intake import form_drafts

KEY = "drafts"
PARAMETER = "utkast"
# Few, since a browser drops a cookie above 4 kB.
MAX_DRAFTS = 6


def save(content: dict[str, str]) -> str:
    """Store the fields of a form; returns its handle. The oldest is deleted above MAX_DRAFTS."""
    handle = secrets.token_urlsafe(8)
    tokens = dict(session.get(KEY, {}))
    tokens[handle] = form_drafts.save_draft(content)
    while len(tokens) > MAX_DRAFTS:
        form_drafts.delete_draft(tokens.pop(next(iter(tokens))))
    session[KEY] = tokens
    return handle


def get(handle: str) -> dict[str, str]:
    """The stored fields; empty if this browser has no such draft or it has expired."""
    token = session.get(KEY, {}).get(handle)
    return form_drafts.get_draft(token) if token else {}


def delete(handle: str) -> None:
    """Delete a draft of this browser."""
    tokens = dict(session.get(KEY, {}))
    if handle in tokens:
        form_drafts.delete_draft(tokens.pop(handle))
        session[KEY] = tokens


def save_post(path: str, endpoint: str, pairs: list[tuple[str, str]]) -> str:
    """Store a whole posted form, and the path and endpoint that it was posted to; returns its handle."""
    return save({"path": path, "endpoint": endpoint, "pairs": json.dumps(_without_name(pairs))})


def _without_name(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields of a post; of an anonymous sender without what tells who they are."""
    if form_drafts.ANONYMOUS not in pairs:
        return pairs
    return [(name, value) for name, value in pairs if name not in form_drafts.IDENTIFYING]


def get_post(handle: str) -> tuple[str, str, list[tuple[str, str]]] | None:
    """The path, the endpoint and the (name, value) pairs of a stored post; None if there is none."""
    content = get(handle)
    if "pairs" not in content:
        return None
    return (
        content["path"],
        content["endpoint"],
        [(name, value) for name, value in json.loads(content["pairs"])],
    )
