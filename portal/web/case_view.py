"""The page of a case for its sender, whether opened by its code or by signing in."""

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
    """The (field id, message) pairs of the error summary."""
    return form.problems() or ([("", note or form.note() or gone_stale())] if code != 200 else [])


def posted_action() -> tuple[Callable[[Actor, Case, str], None], str]:
    """The command of the pressed button, a reply or that the answer did not help, and its key in SAVED."""
    if "not_satisfied" in request.form:
        return sender_actions.not_satisfied, "inte-nojd"
    return sender_actions.reply, "skickat"


def saved_message(key: str | None) -> str:
    """The confirmation that `klart` in an address names; empty if it names none."""
    return str(SAVED.get(key or "", ""))


def conflict_message() -> str:
    """The error of a text for which the case had changed."""
    return _("Ärendet ändrades medan du skrev. Läs det nya och försök igen.")


def case_values(actor: Actor, case: Case) -> dict[str, Any]:
    """The template values of the page, except its forms."""
    unit, _language = profile_texts(case.handling_unit.name)
    messages = []
    for message in queries.messages(actor, case):
        messages.append(case_presenter.thread_message(message, _("Du"), unit))
    entries = trail.timeline(actor, case)
    return {
        "case": case_presenter.head(case, case.public_subject),
        "promise": case_presenter.promise(case),
        "messages": messages,
        "timeline": case_presenter.timeline(entries, people.names(), staff=False),
        "facts": _facts(case),
        "procedure": procedure(case),
        "actions": {action.value for action in allowed_actions(actor, case)},
        **_reply_texts(case),
    }


def procedure(case: Case) -> Markup | None:
    """The special procedure of the topic, as the municipality's profile describes it; None without one."""
    if case.category and case.category.special_procedure:
        return profile_markup(case.category.special_procedure)
    return None


def _facts(case: Case) -> list[tuple[str, str]]:
    rows = [
        (_("Kontakt"), _contact_name(case)),
        (_("Ansvarar"), profile_markup(case.responsible_unit.name)),
        (_("Ämne"), profile_markup(case.category.name) if case.category else ""),
        (_("För"), on_behalf.principal_for_sender(parties.own_principal(case))),
        (_("Svar till"), case_presenter.contact_of(case) or ""),
        (_("Avslutat"), str(CLOSE_REASON[case.close_reason]) if case.close_reason else ""),
        *case_presenter.close_details(case),
    ]
    return [(term, text) for term, text in rows if text]


def _contact_name(case: Case) -> str:
    """The name of the contact person, or of the officer if there is none."""
    member = people.membership(case.contact_id or case.officer_id)
    return member.person.name if member else ""


def _reply_texts(case: Case) -> dict[str, str]:
    name = _contact_name(case).partition(" ")[0]
    return {
        "reply_label": _("Skriv tillbaka till %(name)s", name=name) if name else _("Skriv mer"),
        "reply_hint": _reply_hint(case),
        "reply_button": _("Skicka till %(name)s", name=name) if name else _("Skicka"),
    }


def _reply_hint(case: Case) -> str:
    if case.status is Status.AWAITING_CITIZEN:
        return _("Vi behöver ditt svar för att komma vidare.")
    if case.status in OPEN:
        return _("Det du skriver läggs till i ärendet.")
    return _("Fråga mer eller berätta om svaret inte hjälpte. Ärendet öppnas igen.")
