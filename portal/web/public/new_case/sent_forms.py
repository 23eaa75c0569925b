"""The forms that this browser has sent: the same content sent again is the same case (docs/decisions/0009).

A browser that has not kept the form of before gets another when its owner goes back, and writes the old text
into it.
"""

from dataclasses import replace

from flask import session

from portal.cases.intake.submission import NewCase, is_resent

KEY = "sent_forms"
MOST = 3


def remember(new: NewCase) -> None:
    """The form of this case has been sent."""
    session[KEY] = [*session.get(KEY, []), new.submission][-MOST:]


def recognised(new: NewCase) -> NewCase:
    """The case under the form by which it was sent before, if it was."""
    for earlier in session.get(KEY, []):
        if is_resent(earlier, new):
            return replace(new, submission=earlier)
    return new


def forget() -> None:
    """The owner of the browser has finished."""
    session.pop(KEY, None)
