"""The case as its staff page shows it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.audit import trail
from portal.cases import parties, queries
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case
from portal.cases.possible import possible
from portal.cases.terms import ReplyBy
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.web import presenting
from portal.web.backoffice.deeds import DEEDS
from portal.web.forms import Form, summary
from portal.words import represented
from portal.words.labels import ACTION, CHANNEL, CLOSE_REASON, NEIGHBOUR, ROSA, TASK

# What stands at the top needs nothing written; the rest waits behind its name.
AT_THE_TOP = ("take", "close", "go_on", "unmerge", "reopen")
RECORD = {
    False: _l("Märk som begäran om allmän handling"),
    True: _l("Inte längre en begäran om allmän handling"),
}
MORE = ("split", "relate", "move", "redirect", "merge")


def render(
    actor: Staff,
    case: Case,
    posted: tuple[str, Form] | None = None,
    saved: str = "",
    revealed: bool = False,
) -> ResponseReturnValue:
    """The page; a form that was posted and has something wrong takes the place of its fresh self."""
    forms = _forms(actor, case)
    errors: list[tuple[str, str]] = []
    if posted:
        name, form = posted
        forms[name] = form
        # A relation is taken away by its own button: there is no field to lead to.
        ids = {field.name: f"{name}-{field.id}" if name != "unrelate" else "" for field in form}
        errors = form.problems(ids) or [("", form.note() or _("Försök igen."))]
    values = _about(actor, case, set(forms)) | _conversation(actor, case) | summary(errors)
    values |= _sender(actor, case, revealed)
    page = render_template(
        "backoffice/case.html", **values, forms=forms, posted=posted and posted[0], saved=saved
    )
    return page, 422 if posted else 200


def _forms(actor: Staff, case: Case) -> dict[str, Form]:
    """A fresh form for each thing that can be done now."""
    fresh: dict[str, Any] = {"formdata": None, "version": case.version}
    chosen = {"assign": case.officer_id, "name_contact": case.contact_id}
    now = actions(actor, case) & set(DEEDS)
    return {
        name: DEEDS[name].form(
            actor, case, **fresh, **({"officer": str(chosen[name] or "")} if name in chosen else {})
        )
        for name in now
    }


def actions(actor: Staff, case: Case) -> set[str]:
    """What this actor may do with the case now; taking what one has is no action."""
    names = {action.value for action in possible(actor, case)}
    begun = case.officer_id == actor.membership and case.status is not Status.RECEIVED
    return names - {Action.TAKE.value} if begun else names


def _about(actor: Staff, case: Case, now: set[str]) -> dict[str, Any]:
    href = url_for("backoffice.case", number=presenting.number_of(case))
    return {
        "case": presenting.head(case, case.internal_subject, href),
        "promise": presenting.promise(case, staff=True),
        "contact_promise": presenting.contact_promise(case),
        "labels": {name: ACTION[Action(name)] for name in DEEDS},
        "buttons": {name: deed.button for name, deed in DEEDS.items()},
        "buttons_first": _buttons(case, now),
        "more": [name for name in MORE if name in now],
        "record_label": RECORD[case.record_request],
        "due_line": presenting.due_line(case),
        "handler": _name(case.officer_id),
        "neighbours": _neighbours(actor, case),
        "tasks": [
            {"text": TASK[task.kind], "href": f"{href}/tasks/{task.id}"}
            for task in queries.tasks(actor, case)
        ],
        "back_href": url_for("backoffice.queue", vy=request.args.get("vy")),
        "back_label": _("Ärenden"),
    }


def _buttons(case: Case, now: set[str]) -> list[tuple[str, str, str]]:
    """(name, label, variant) of what needs one click; to take a case is the main thing."""
    return [
        (name, _label(case, name), "primary" if name == "take" else "secondary")
        for name in AT_THE_TOP
        if name in now
    ]


def _label(case: Case, name: str) -> str:
    taken = name == "take" and case.status is not Status.RECEIVED
    return _("Ta över ärendet") if taken else str(ACTION[Action(name)])


def _neighbours(actor: Staff, case: Case) -> list[dict[str, Any]]:
    """The cases that belong with this one, those that the actor may see."""
    found = queries.neighbours(actor, case)
    heads = [(how, presenting.head(each, each.internal_subject)) for how, each in found]
    return [
        {
            "how": NEIGHBOUR[how],
            "number": head.number,
            "href": url_for("backoffice.case", number=head.number),
            "subject": head.subject,
            "removable": how == "related",
        }
        for how, head in heads
    ]


def _name(membership: int | None) -> str:
    found = people.membership(membership)
    return found.person.name if found else ""


def _sender(actor: Staff, case: Case, revealed: bool) -> dict[str, Any]:
    """Who has sent it, as far as this reader sees it now."""
    return {
        "facts": _facts(case, revealed),
        "protected": parties.is_protected(case),
        "revealed": revealed,
        "may_reveal": parties.may_reveal(actor, case),
    }


def _who(case: Case, revealed: bool) -> list[tuple[str, str]]:
    shown, said = parties.sender(case, revealed), parties.principal(case, revealed)
    rows = [
        (_("Avsändare"), presenting.sender_name(case, revealed)),
        (_("E-post"), shown.email),
        (_("Mobil"), shown.phone),
        (_("Adress"), shown.address),
        (_("För"), represented.to_staff(said)),
        (_("Fullmakt"), _("Inte prövad") if said else ""),
    ]
    return [(term, text) for term, text in rows if text]


def _facts(case: Case, revealed: bool) -> list[tuple[str, str]]:
    return [
        (_("Väg in"), str(CHANNEL[case.channel])),
        *_who(case, revealed),
        (_("Ämne"), case.category.name if case.category else _("Utan ämne")),
        *_rules(case),
        (_("Enhet"), case.handling_unit.name),
        (_("Nämnd"), case.handling_unit.board.name),
        (_("Sekretess"), _secrecy(case)),
        *([(_("Kontaktperson"), _name(case.contact_id))] if case.contact_id else []),
        *_closed(case),
    ]


def _closed(case: Case) -> list[tuple[str, str]]:
    reason = [(_("Avslutat"), str(CLOSE_REASON[case.close_reason]))] if case.close_reason else []
    return [*reason, *presenting.close_details(case)]


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
        "messages": [
            presenting.said(each, presenting.sender_name(case), case.handling_unit.name) for each in messages
        ],
        "trail": presenting.happened(entries, people.names(), staff=True),
        "answer_hint": _answer_hint(case),
    }


def _answer_hint(case: Case) -> str:
    where = {
        ReplyBy.EMAIL: _("Avsändaren får ett mejl när svaret finns."),
        ReplyBy.SMS: _("Avsändaren får ett sms när svaret finns."),
        ReplyBy.PORTAL: _("Avsändaren läser svaret på Mina sidor."),
        ReplyBy.CODE: _("Avsändaren är anonym och läser svaret med sin kod."),
    }
    return where[case.reply_by]
