"""The case as its staff page shows it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.audit import trail
from portal.cases import queries
from portal.cases.access import hat
from portal.cases.lifecycle import Action, Status, allowed
from portal.cases.models import Case
from portal.cases.terms import ReplyBy
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.web import presenting
from portal.web.backoffice.forms import ActionForm, AnswerForm, AskForm, AssignForm, NoteForm
from portal.web.forms import Form, summary
from portal.words.labels import ACTION, CHANNEL, ROSA, TASK

IDS = {
    "answer": {"body": "answer-body"},
    "note": {"body": "note-body"},
    "ask": {"body": "ask-body"},
    "assign": {"officer": "assign-officer"},
}


def assign_form(actor: Staff, case: Case, **kwargs: Any) -> AssignForm:
    """The handlers that this case may be given to."""
    return AssignForm(queries.handlers(case), actor.membership, **kwargs)


def render(
    actor: Staff, case: Case, posted: tuple[str, Form] | None = None, saved: str = ""
) -> ResponseReturnValue:
    """The page; a form that was posted and has something wrong takes the place of its fresh self."""
    forms = _forms(actor, case)
    errors: list[tuple[str, str]] = []
    if posted:
        name, form = posted
        forms[name] = form
        errors = form.problems(IDS.get(name)) or [("", form.note() or _("Försök igen."))]
    values = _about(actor, case) | _conversation(actor, case) | summary(errors)
    page = render_template("backoffice/case.html", **values, forms=forms, saved=saved)
    return page, 422 if posted else 200


def _forms(actor: Staff, case: Case) -> dict[str, Form]:
    fresh: dict[str, Any] = {"formdata": None, "version": case.version}
    return {
        "take": ActionForm(**fresh),
        "answer": AnswerForm(**fresh),
        "note": NoteForm(**fresh),
        "ask": AskForm(**fresh),
        "assign": assign_form(actor, case, officer=str(case.officer_id or ""), **fresh),
        "close": ActionForm(**fresh),
    }


def actions(actor: Staff, case: Case) -> set[str]:
    """What this actor may do with the case now, by the transition table; taking what one has is no action."""
    names = {action.value for action in allowed(case.status, hat(actor))}
    begun = case.officer_id == actor.membership and case.status is not Status.RECEIVED
    return names - {Action.TAKE.value} if begun else names


def _about(actor: Staff, case: Case) -> dict[str, Any]:
    href = url_for("backoffice.case", number=presenting.number_of(case))
    return {
        "case": presenting.head(case, case.internal_subject, href),
        "promise": presenting.promise(case),
        "due_line": presenting.due_line(case),
        "actions": actions(actor, case),
        "take_label": ACTION[Action.TAKE] if case.status is Status.RECEIVED else _("Ta över ärendet"),
        "handler": _name(case.officer_id),
        "facts": _facts(case),
        "tasks": [
            {"text": TASK[task.kind], "href": f"{href}/tasks/{task.id}"}
            for task in queries.tasks(actor, case)
        ],
        "back_href": url_for("backoffice.queue", vy=request.args.get("vy")),
        "back_label": _("Ärenden"),
    }


def _name(membership: int | None) -> str:
    found = people.membership(membership)
    return found.person.name if found else ""


def sender_name(case: Case) -> str:
    """The sender as staff see them."""
    if case.party is None or case.hide_sender:
        return _("Anonym")
    return case.party.name or _("Utan namn")


def _facts(case: Case) -> list[tuple[str, str]]:
    party = case.party if not case.hide_sender else None
    email, phone = party and party.email, party and party.phone
    return [
        (_("Väg in"), str(CHANNEL[case.channel])),
        (_("Avsändare"), sender_name(case)),
        *([(_("E-post"), email)] if email else []),
        *([(_("Mobil"), phone)] if phone else []),
        (_("Ämne"), case.category.name if case.category else _("Utan ämne")),
        *_rules(case),
        (_("Enhet"), case.handling_unit.name),
        (_("Nämnd"), case.handling_unit.board.name),
        (_("Sekretess"), _secrecy(case)),
    ]


def _rules(case: Case) -> list[tuple[str, str]]:
    """What sets the topic apart: its level, a procedure of its own, and a unit that answers for the work."""
    level, special = (case.category.rosa_level, case.category.special_procedure) if case.category else (0, "")
    parted = case.responsible_unit_id != case.handling_unit_id
    rows = [
        (_("ROSA-nivå"), f"{level} {ROSA[level]}" if level else ""),
        (_("Särskilda regler"), special),
        (_("Ansvarig enhet"), case.responsible_unit.name if parted else ""),
    ]
    return [(term, text) for term, text in rows if text]


def _secrecy(case: Case) -> str:
    if case.secrecy_level:
        return f"{case.secrecy_level} {case.secrecy_provision or ''}".strip()
    return (
        _("Ämnet brukar ha sekretess")
        if case.category and case.category.secrecy_default
        else _("Inte prövad")
    )


def _conversation(actor: Staff, case: Case) -> dict[str, Any]:
    messages = queries.messages(actor, case)
    entries = trail.timeline(actor, case)
    return {
        "messages": [presenting.said(each, sender_name(case), case.handling_unit.name) for each in messages],
        "trail": presenting.happened(entries, people.names(), staff=True),
        "answer_hint": _answer_hint(case),
    }


def _answer_hint(case: Case) -> str:
    if case.reply_by is ReplyBy.EMAIL:
        return _("Avsändaren får ett mejl, och kan läsa svaret med sin kod.")
    return _("Avsändaren är anonym och läser svaret med sin kod.")
