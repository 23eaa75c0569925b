"""The page of whoever came second: what happened meanwhile, and all that they wrote, to use or to copy."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.cases import queries
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice.answers import draft_panel
from portal.web.support import case_presenter
from portal.words.labels import ACTION

# What is told of a case whose page did not say how far it had been read.
LATEST = 5


def render(
    actor: Staff, number: str, action: str, form: Any, allowed: frozenset[Action] | None = None
) -> ResponseReturnValue:
    """Two at once, or no longer possible: nothing is done and nothing is lost."""
    case = current.other_case(actor, number) or abort(404)
    again = action in allowed_actions(actor, case)
    href = url_for("backoffice.case", number=number)
    page = render_template(
        "backoffice/conflict.html",
        form=form,
        fields=form.given_back(to_send=again),
        kept=draft_panel.rescue(actor, number, form),
        again_href=f"{href}/{action}" if again else "",
        case_href=href,
        allowed=None if allowed is None else sorted(str(ACTION[each]) for each in allowed),
        **_meanwhile(actor, case, form.read_to()),
    )
    return page, 409


def _meanwhile(actor: Staff, case: Case, read_to: int | None) -> dict[str, Any]:
    """What has happened since the page was read, and what was said with it."""
    new = since(trail.timeline(actor, case), read_to)
    ids = {entry.details.get("message") for entry in new}
    said = [message for message in queries.messages(actor, case) if message.id in ids]
    sender, unit = case_presenter.sender_name(case), case.handling_unit.name
    return {
        "happened": case_presenter.happened(new, people.names(), staff=True),
        "messages": [case_presenter.said(each, sender, unit) for each in said],
    }


def since(entries: Sequence[TrailEntry], read_to: int | None) -> Sequence[TrailEntry]:
    """The entries after the one that was read last; the latest few where that is not known."""
    return entries[-LATEST:] if read_to is None else [each for each in entries if each.sequence > read_to]
