"""One case as its sender sees it, whether a code or a sign-in opened it."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.audit import trail
from portal.cases import parties, queries
from portal.cases.actions import sender as sender_actions
from portal.cases.lifecycle import OPEN, Status
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.identity import queries as people
from portal.identity.actors import Actor
from portal.web.forms import Form, gone_stale
from portal.web.support import case_presenter
from portal.words import on_behalf
from portal.words.labels import CLOSE_REASON
from portal.words.profile_texts import profile_markup, profile_texts

SAVED = {
    "skickat": _l("Tack. Vi har fått det du skrev."),
    "atertaget": _l("Ärendet är återtaget."),
    "inte-nojd": _l("Tack för att du säger till. Någon annan läser ditt ärende och svarar."),
}


def errors_of(form: Form, code: int, note: str = "") -> list[tuple[str, str]]:
    """What the error summary of a sender's case says."""
    return form.problems() or ([("", note or form.note() or gone_stale())] if code != 200 else [])


def meant() -> tuple[Callable[[Actor, Case, str], None], str]:
    """What the text that was posted is: a reply, or that the answer was not good enough."""
    if "not_satisfied" in request.form:
        return sender_actions.not_satisfied, "inte-nojd"
    return sender_actions.reply, "skickat"


def done(word: str | None) -> str:
    """What is said of what the sender has just done."""
    return str(SAVED.get(word or "", ""))


def changed() -> str:
    """What is said of a text that came too late."""
    return _("Ärendet ändrades medan du skrev. Läs det nya och försök igen.")


def described(actor: Actor, found: Case) -> dict[str, Any]:
    """All that the page draws, its forms aside."""
    messages, (units, _language) = queries.messages(actor, found), profile_texts(found.handling_unit.name)
    entries = trail.timeline(actor, found)
    return {
        "case": case_presenter.head(found, found.public_subject),
        "promise": case_presenter.promise(found),
        "messages": [case_presenter.thread_message(each, _("Du"), units) for each in messages],
        "timeline": case_presenter.timeline(entries, people.names(), staff=False),
        "facts": _facts(found),
        "procedure": procedure(found),
        "actions": {action.value for action in allowed_actions(actor, found)},
        **_reply_words(found),
    }


def procedure(found: Case) -> Markup | None:
    """What is special to the topic of a case, in the municipality's own words."""
    return (
        profile_markup(found.category.special_procedure)
        if found.category and found.category.special_procedure
        else None
    )


def _facts(found: Case) -> list[tuple[str, str]]:
    rows = [
        (_("Kontakt"), _turn_to(found)),
        (_("Ansvarar"), profile_markup(found.responsible_unit.name)),
        (_("Ämne"), profile_markup(found.category.name) if found.category else ""),
        (_("För"), on_behalf.principal_for_sender(parties.own_principal(found))),
        (_("Svar till"), case_presenter.contact_of(found) or ""),
        (_("Avslutat"), str(CLOSE_REASON[found.close_reason]) if found.close_reason else ""),
        *case_presenter.close_details(found),
    ]
    return [(term, text) for term, text in rows if text]


def _turn_to(found: Case) -> str:
    """Whom the sender may turn to: the one who was named for it, else who handles the case."""
    member = people.membership(found.contact_id or found.officer_id)
    return member.person.name if member else ""


def _reply_words(found: Case) -> dict[str, str]:
    name = _turn_to(found).partition(" ")[0]
    return {
        "reply_label": _("Skriv tillbaka till %(name)s", name=name) if name else _("Skriv mer"),
        "reply_hint": _reply_hint(found),
        "reply_button": _("Skicka till %(name)s", name=name) if name else _("Skicka"),
    }


def _reply_hint(found: Case) -> str:
    if found.status is Status.AWAITING_CITIZEN:
        return _("Vi behöver ditt svar för att komma vidare.")
    if found.status in OPEN:
        return _("Det du skriver läggs till i ärendet.")
    return _("Fråga mer eller berätta om svaret inte hjälpte. Ärendet öppnas igen.")
