"""The case as its staff page shows it."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.cases import parties, queries
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.models import AnswerDraft
from portal.cases.lifecycle import Action, Status
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.web.backoffice import measures
from portal.web.backoffice.answers import draft_panel
from portal.web.backoffice.case import pdf, related
from portal.web.backoffice.case.action_specs import Place, panels
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case.facts import facts, name_of
from portal.web.forms import Form, summary
from portal.web.support import case_presenter
from portal.words.labels import TASK


def render(
    actor: Staff,
    case: Case,
    posted: tuple[str, Form] | None = None,
    saved: str = "",
    revealed: bool = False,
) -> ResponseReturnValue:
    """The page; a form that was posted and has something wrong takes the place of its fresh self."""
    draft, entries = answer_drafts.get_draft(actor, case), trail.timeline(actor, case)
    forms = _forms(actor, case, draft, last_of(entries))
    values = _about(actor, case) | _conversation(actor, case, draft, entries)
    errors: list[tuple[str, str]] = []
    if posted:
        forms[posted[0]] = posted[1]
        errors = _errors(*posted)
        values["carried_to"] = "" if errors else _first_field(*posted)
    values["measures"] = [measures.row(each, set(forms)) for each in measure_queries.of_case(actor, case)]
    values |= _sender(actor, case, revealed)
    name, href = posted[0] if posted else "", values["case"].href
    values["panels"] = panels(SPECS, case, href, forms, name)
    values |= summary(errors) | {"forms": forms, "saved": saved}
    return render_template("backoffice/case.html", **values), 422 if errors else 200


def last_of(entries: Sequence[TrailEntry]) -> int:
    """The number of the last thing that has happened."""
    return entries[-1].sequence if entries else 0


def _errors(name: str, form: Form) -> list[tuple[str, str]]:
    """What is wrong with a form that was posted; nothing where its text was only carried along."""
    # What has a button of its own beside each row has no field to lead to.
    bare = {field.name for field in form if name == "unrelate" or field.type == "HiddenField"}
    ids = {field.name: "" if field.name in bare else f"{name}-{field.id}" for field in form}
    return form.problems(ids) or ([("", form.note() or _("Försök igen."))] if form.errors else [])


def _first_field(name: str, form: Form) -> str:
    """The id of the field where somebody goes on with what they wrote."""
    return next((f"{name}-{field.id}" for field in form if field.type != "HiddenField"), "")


def _forms(actor: Staff, case: Case, draft: AnswerDraft | None, last: int) -> dict[str, Form]:
    """A form for each thing that can be done now: fresh, but for what is chosen or begun."""
    fresh: dict[str, Any] = {"formdata": None, "version": case.version, "happened": last}
    begun: dict[str, dict[str, Any]] = {
        "assign": {"officer": str(case.officer_id or "")},
        "name_contact": {"officer": str(case.contact_id or "")},
        "answer": {"body": draft.body} if draft else {},
    }
    now = actions(actor, case)
    forms: dict[str, Form] = {}
    for action, spec in SPECS.items():
        # One text with two buttons is one form.
        if action in now and spec.place is not Place.SECOND_BUTTON:
            forms[action] = spec.form.for_case(actor, case, **fresh, **begun.get(action, {}))
    return forms


def actions(actor: Staff, case: Case) -> set[str]:
    """What this actor may do with the case now; taking what one has is no action."""
    names = {action.value for action in allowed_actions(actor, case)}
    begun = case.officer_id == actor.membership and case.status is not Status.RECEIVED
    return names - {Action.TAKE.value} if begun else names


def _about(actor: Staff, case: Case) -> dict[str, Any]:
    href = url_for("backoffice.case", number=case_presenter.number_of(case))
    return {
        "case": case_presenter.head(case, case.internal_subject, href),
        "promise": case_presenter.promise(case, staff=True),
        "contact_promise": case_presenter.contact_promise(case),
        "due_line": case_presenter.due_line(case),
        "handler": name_of(case.officer_id),
        "print_href": f"{href}/utskrift",
        "pdf_href": f"{href}/arende.pdf" if pdf.available() else "",
        **_others(actor, case),
        "tasks": [
            {"text": TASK[task.kind], "href": f"{href}/tasks/{task.id}"}
            for task in queries.tasks(actor, case)
        ],
        "back_href": url_for("backoffice.queue", vy=request.args.get("vy")),
        "back_label": _("Ärenden"),
        "company": related.company(actor, case),
    }


def _others(actor: Staff, case: Case) -> dict[str, Any]:
    neighbours = related.related_rows(actor, case)
    beside = {each["number"] for each in neighbours}
    return {"neighbours": neighbours, "resembling": related.similar_rows(actor, case, beside)}


def _sender(actor: Staff, case: Case, revealed: bool) -> dict[str, Any]:
    """Who has sent it, as far as this reader sees it now."""
    return {
        "facts": facts(case, revealed),
        "protected": parties.is_protected(case),
        "revealed": revealed,
        "may_reveal": parties.may_reveal(actor, case),
    }


def _conversation(
    actor: Staff, case: Case, draft: AnswerDraft | None, entries: Sequence[TrailEntry]
) -> dict[str, Any]:
    messages, names = queries.messages(actor, case), people.names()
    return {
        "messages": [
            case_presenter.said(each, case_presenter.sender_name(case), case.handling_unit.name)
            for each in messages
        ],
        "trail": case_presenter.happened(entries, names, staff=True),
        "answer": draft_panel.panel(actor, case, draft, entries, names),
    }
