"""Confirmations that are shown once, on the page of what they are about.

They are kept in the session, never in an address: a link would claim what has not happened. Each is kept for
its own page, so that another tab does not show it instead.
"""

from flask import session

KEY = "notices"
# Few and short, since a browser drops a cookie above 4 kB.
MAX_NOTICES = 4
MAX_LENGTH = 250


def add(page: str, text: str) -> None:
    """Show the text the next time that the page is drawn. A page is named by its case, handle or endpoint."""
    waiting = {name: kept for name, kept in session.get(KEY, {}).items() if name != page}
    newest = list(waiting.items())[-(MAX_NOTICES - 1) :]
    session[KEY] = dict(newest) | {page: text[:MAX_LENGTH]}


def take(page: str) -> str:
    """The text of a page, removed so that it is shown once; empty if there is none."""
    waiting = dict(session.get(KEY, {}))
    if page not in waiting:
        return ""
    text = str(waiting.pop(page))
    session[KEY] = waiting
    return text
