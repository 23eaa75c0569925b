"""The page of a case for staff."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.audit.dossier import Dossier
from portal.cases import parties, queries
from portal.cases.answers.drafts import revision
from portal.cases.answers.models import AnswerDraft
from portal.cases.enums import TaskKind
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Task
from portal.web.backoffice import measures
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers import draft_panel
from portal.web.backoffice.answers.draft_panel import AnswerPanel
from portal.web.backoffice.case import pdf, related
from portal.web.backoffice.case.action_specs import ActionView, Place, panels, row_view
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case.facts import (
    Fact,
    case_secrecy,
    facts,
    name_of,
    reader_warning,
    withheld,
)
from portal.web.backoffice.case.related import RelatedCase
from portal.web.backoffice.measures import MeasureRow
from portal.web.forms import Form, summary
from portal.web.support import case_presenter
from portal.web.support.case_presenter import Head, ThreadMessage, TimelineLine
from portal.words.labels import TASK
from portal.words.promise import PromiseView


class TaskRow(NamedTuple):
    """A task of the case, and the URL that marks it as done; none for one that finishes by itself."""

    text: str
    href: str


@dataclass(frozen=True)
class CaseView:
    """The template values of a case, except its forms and their errors."""

    case: Head
    promise: PromiseView | None
    contact_promise: str
    due_line: str
    handler: str
    colleagues: Sequence[str]
    tasks: Sequence[TaskRow]
    secrecy: str
    withheld: str
    messages: Sequence[ThreadMessage]
    message_actions: Mapping[int, Sequence[ActionView]]
    answer: AnswerPanel
    measures: Sequence[MeasureRow]
    trail: Sequence[TimelineLine]
    facts: Sequence[Fact]
    reader_warning: str
    protected: bool
    revealed: bool
    may_reveal: bool
    related: Sequence[RelatedCase]
    similar_href: str
    print_href: str
    pdf_href: str
    panels: Mapping[str, Sequence[ActionView]]
    back_href: str


def render(
    dossier: Dossier,
    posted: tuple[str, ActionForm] | None = None,
    saved: str = "",
    revealed: bool = False,
) -> ResponseReturnValue:
    """The page of the case; 422 if the posted form has errors.

    `posted` is the name of an action and its form, which replaces the empty form of that action.
    """
    forms = _forms(dossier, posted[0] if posted else "")
    errors: list[tuple[str, str]] = []
    carried_to = ""
    name = ""
    if posted:
        name, form = posted
        form.explain(dossier.case, dossier.messages)
        forms[name] = form
        errors = _errors(name, form)
        carried_to = "" if errors else _first_field(name, form)
    page = render_template(
        "backoffice/case.html",
        **vars(_view(dossier, forms, name, revealed)),
        **summary(errors),
        forms=forms,
        carried_to=carried_to,
        saved=saved,
    )
    return page, 422 if errors else 200


def _errors(name: str, form: Form) -> list[tuple[str, str]]:
    """The field ids and messages of a posted form; empty if the form is only shown again."""
    ids = {}
    for field in form:
        # A relation is removed by a button beside its row: there is no field to link to.
        without_field = name == "unrelate" or field.type == "HiddenField"
        ids[field.name] = "" if without_field else f"{_prefix(name, form)}-{field.id}"
    return form.problems(ids) or ([("", form.note() or _("Försök igen."))] if form.errors else [])


def _first_field(name: str, form: Form) -> str:
    """The id of the first visible field; empty if there is none."""
    for field in form:
        if field.type != "HiddenField":
            return f"{_prefix(name, form)}-{field.id}"
    return ""


def _prefix(name: str, form: Form) -> str:
    """What the ids of a form's fields begin with: forms beside rows are drawn once for each row."""
    row = getattr(form, "row", "")
    return f"{name}-{row}" if row else name


def _message_actions(dossier: Dossier, forms: Mapping[str, ActionForm]) -> dict[int, list[ActionView]]:
    """The actions beside each message, by its id: to mark it, and to lift its mark."""
    views: dict[int, list[ActionView]] = {}
    for message in dossier.messages:
        row = str(message.id)
        marked = message.secrecy_provision is not None
        drawn = views.setdefault(message.id, [])
        if Action.MARK_MESSAGE in forms:
            view = _row_action(dossier, Action.MARK_MESSAGE, forms, row)
            drawn.append(replace(view, label=_("Ändra sekretessmarkeringen")) if marked else view)
        if marked and Action.LIFT_MESSAGE in forms:
            drawn.append(_row_action(dossier, Action.LIFT_MESSAGE, forms, row))
    return views


def _row_action(dossier: Dossier, action: Action, forms: Mapping[str, ActionForm], row: str) -> ActionView:
    """An action beside a row; with the posted form, if it is of this row, or else with one of its own."""
    spec = SPECS[action]
    form = forms[action]
    posted = form.row == row
    if not posted:
        form = spec.form.for_case(dossier.actor, dossier.case, **_common(dossier), message=row)
    return row_view(action, spec, dossier.case, form, posted)


def _forms(dossier: Dossier, posted: str) -> dict[str, ActionForm]:
    """A form for each possible action but the posted one, filled with the current choice or draft."""
    case = dossier.case
    draft = dossier.draft
    common = _common(dossier)
    initial: dict[str, dict[str, Any]] = {
        "assign": {"officer": str(case.officer_id or "")},
        "name_contact": {"officer": str(case.contact_id or "")},
        "answer": {"page": secrets.token_urlsafe(12), **_draft_values(draft)},
    }
    possible = _possible_actions(dossier)
    forms: dict[str, ActionForm] = {}
    for action, spec in SPECS.items():
        # The second button of a form is an action of its own, but has no form of its own.
        if action in possible - {posted} and spec.place is not Place.SECOND_BUTTON:
            forms[action] = spec.form.for_case(dossier.actor, case, **common, **initial.get(action, {}))
    return forms


def _common(dossier: Dossier) -> dict[str, Any]:
    return {"formdata": None, "version": dossier.case.version, "happened": dossier.last_sequence}


def _draft_values(draft: AnswerDraft | None) -> dict[str, str]:
    return {"body": draft.body, "draft": revision(draft.body)} if draft else {}


def _possible_actions(dossier: Dossier) -> set[Action]:
    """The possible actions, without taking over a case that the actor already handles."""
    case = dossier.case
    handled = case.officer_id == dossier.actor.membership and case.status is not Status.RECEIVED
    return set(dossier.actions) - ({Action.TAKE} if handled else set())


def _task(number: str, task: Task) -> TaskRow:
    href = url_for("backoffice.finish_task", number=number, task=task.id)
    return TaskRow(str(TASK[task.kind]), "" if task.kind is TaskKind.NO_HANDLER else href)


def _view(dossier: Dossier, forms: Mapping[str, ActionForm], posted: str, revealed: bool) -> CaseView:
    case = dossier.case
    number = case.reference
    href = url_for("backoffice.case", number=number)
    sender = case_presenter.sender_name(case)
    return CaseView(
        case=case_presenter.head(case, case.internal_subject, href),
        promise=case_presenter.promise(case, staff=True),
        contact_promise=case_presenter.contact_promise(case),
        due_line=case_presenter.due_line(case),
        handler=name_of(queries.officer_of(case)),
        colleagues=related.company(dossier.colleagues),
        tasks=[_task(number, task) for task in dossier.tasks],
        secrecy=case_secrecy(case),
        withheld=withheld(dossier),
        message_actions=_message_actions(dossier, forms),
        messages=[case_presenter.staff_message(row, sender) for row in dossier.messages],
        answer=draft_panel.panel(dossier),
        measures=[measures.row(row, set(forms)) for row in dossier.measures],
        trail=case_presenter.timeline(dossier.trail, staff=True),
        facts=facts(case, dossier.bars, revealed),
        reader_warning=reader_warning(case),
        protected=parties.is_protected(case),
        revealed=revealed,
        may_reveal=parties.may_reveal(dossier.actor, case),
        related=related.related(dossier.related),
        similar_href=url_for("backoffice.similar_cases", number=number),
        print_href=url_for("backoffice.print_of", number=number),
        pdf_href=url_for("backoffice.pdf_of", number=number) if pdf.available() else "",
        panels=panels(SPECS, case, forms, posted),
        back_href=url_for("backoffice.queue", vy=request.args.get("vy")),
    )
