"""The page of a case for staff."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import get_template_attribute, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.audit.dossier import Dossier
from portal.cases import parties
from portal.cases.enums import TaskKind
from portal.cases.lifecycle import Action, Status
from portal.cases.models import Case, Task
from portal.translation import gettext as _
from portal.web import pdf
from portal.web.backoffice import measures
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers import draft_panel
from portal.web.backoffice.answers.draft_panel import AnswerPanel
from portal.web.backoffice.answers.forms import AnswerForm
from portal.web.backoffice.case import messages, related
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case.actions.specs import PageActions
from portal.web.backoffice.case.actions.tabs import TabGroup, tab_groups
from portal.web.backoffice.case.away import handler_text
from portal.web.backoffice.case.facts import (
    Fact,
    case_secrecy,
    due_line,
    due_state,
    facts,
    next_step_line,
    reader_warning,
    withheld,
)
from portal.web.backoffice.case.messages import SentPanel
from portal.web.backoffice.case.related import CaseImprovement, RelatedCase
from portal.web.backoffice.case.routine_panel import RoutinePanel, routine_panel
from portal.web.backoffice.case_list.address import opened_list
from portal.web.backoffice.case_list.bar import ListBar, list_bar
from portal.web.backoffice.case_list.notices import linked
from portal.web.backoffice.legal_forms import why_held
from portal.web.backoffice.measures import MeasureRow
from portal.web.forms import Form, summary
from portal.web.support import case_presenter
from portal.web.support.case_presenter import Head, ThreadMessage, TimelineLine
from portal.web.support.locations.lines import place_line
from portal.words.labels import TASK
from portal.words.promise import PromiseView


class TaskRow(NamedTuple):
    """A task of the case, and the URL that marks it as done; none for one that finishes by itself."""

    text: str
    href: str


@dataclass(frozen=True)
class CaseView:
    """The template values of a case, except the errors of a form."""

    case: Head
    promise: PromiseView | None
    contact_promise: str
    due_line: str
    due_state: str
    place: str
    next_step: str
    handler: str
    colleagues: Sequence[str]
    tasks: Sequence[TaskRow]
    secrecy: str
    withheld: str
    held: str
    messages: Sequence[ThreadMessage]
    message_actions: Mapping[int, Sequence[Markup]]
    answer: AnswerPanel
    measures: Sequence[MeasureRow]
    improvements: Sequence[CaseImprovement]
    may_link: bool
    may_unlink: bool
    suggestion_href: str
    version: int
    sent: SentPanel
    trail: Sequence[TimelineLine]
    facts: Sequence[Fact]
    routine: RoutinePanel
    reader_warning: str
    protected: bool
    revealed: bool
    may_reveal: bool
    related: Sequence[RelatedCase]
    similar_href: str
    print_href: str
    pdf_href: str
    panels: Mapping[str, Sequence[Markup]]
    actions: Set[str]
    can_answer: bool
    writing: Sequence[TabGroup]
    list_bar: ListBar


def render(
    dossier: Dossier,
    posted: tuple[str, ActionForm] | None = None,
    saved: str = "",
    revealed: bool = False,
) -> ResponseReturnValue:
    """The page of the case; 422 if the posted form has errors.

    `posted` is the name of an action and its form, which is shown instead of an empty form of that action.
    """
    errors: list[tuple[str, str]] = []
    carried_to = ""
    if posted:
        name, form = posted
        form.explain(dossier.case, dossier.messages)
        errors = _errors(name, form)
        carried_to = "" if errors else _first_field(name, form)
    page = render_template(
        "backoffice/case.html",
        **vars(_view(dossier, posted, revealed)),
        **summary(errors),
        carried_to=carried_to,
        saved=linked(saved),
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
    fields = form.visible() if isinstance(form, ActionForm) else form
    for field in fields:
        if field.type != "HiddenField":
            return f"{_prefix(name, form)}-{field.id}"
    return ""


def _prefix(name: str, form: Form) -> str:
    """What the ids of a form's fields begin with: forms beside rows are drawn once for each row."""
    row = getattr(form, "row", "")
    return f"{name}-{row}" if row else name


def _page_actions(dossier: Dossier, posted: tuple[str, ActionForm] | None) -> PageActions:
    number = dossier.case.reference
    href = url_for("backoffice.act", number=number, action=Action.NOTE.value)
    hidden = get_template_attribute("components/fields.html", "seen")
    seen = _seen(dossier)
    return PageActions(
        specs=SPECS,
        actor=dossier.actor,
        case=dossier.case,
        names={*_possible_actions(dossier), *([posted[0]] if posted else [])},
        href=href.removesuffix(Action.NOTE.value),
        hidden=hidden(seen["version"], seen["happened"]),
        seen=seen,
        posted=posted,
        onward=opened_list(dossier.actor) is not None,
    )


def _message_actions(dossier: Dossier, actions: PageActions) -> dict[int, list[Markup]]:
    """The actions beside each message, by its id: to mark it, and to lift its mark."""
    drawn: dict[int, list[Markup]] = {}
    for message in dossier.messages:
        row = str(message.id)
        marked = message.secrecy_provision is not None
        views = drawn.setdefault(message.id, [])
        if Action.MARK_MESSAGE in actions.names:
            label = _("Ändra markeringen") if marked else _("Sekretessmarkera")
            views.append(actions.draw(Action.MARK_MESSAGE, row, label))
        if marked and Action.LIFT_MESSAGE in actions.names:
            views.append(actions.draw(Action.LIFT_MESSAGE, row))
    return drawn


def _answer_form(dossier: Dossier, actions: PageActions, panel: AnswerPanel) -> Markup | None:
    """The form of an answer as HTML, with the draft; None if no answer can be written."""
    if Action.ANSWER not in actions.names:
        return None
    draft_href = url_for("backoffice.save_draft", number=dossier.case.reference)
    name, form = actions.posted or ("", None)
    if name == Action.ANSWER and isinstance(form, AnswerForm):
        return draft_panel.draw(form, panel, f"{actions.href}{name}", draft_href)
    href = f"{actions.href}{Action.ANSWER.value}"
    return draft_panel.draw_unsent(dossier, panel, actions.hidden, href, draft_href)


def _seen(dossier: Dossier) -> dict[str, Any]:
    return {"formdata": None, "version": dossier.case.version, "happened": dossier.last_sequence}


def _possible_actions(dossier: Dossier) -> set[Action]:
    """The possible actions, without those that would change nothing."""
    case = dossier.case
    unneeded = set()
    if case.officer_id == dossier.actor.membership and case.status is not Status.RECEIVED:
        unneeded.add(Action.TAKE)
    # An anonymous sender has given nothing to protect.
    if case.party is None:
        unneeded.add(Action.PROTECT)
    return set(dossier.actions) - unneeded


def _task(number: str, task: Task) -> TaskRow:
    href = url_for("backoffice.finish_task", number=number, task=task.id)
    return TaskRow(str(TASK[task.kind]), "" if task.kind is TaskKind.NO_HANDLER else href)


def _promise(case: Case) -> dict[str, Any]:
    return {
        "promise": case_presenter.promise(case, staff=True),
        "contact_promise": case_presenter.contact_promise(case),
        "due_line": due_line(case),
        "due_state": due_state(case),
        "place": place_line(case),
        "next_step": next_step_line(case),
    }


def _improvements(dossier: Dossier, actions: PageActions) -> dict[str, Any]:
    return {
        "improvements": [related.improvement(row) for row in dossier.improvements],
        "may_link": Action.LINK_IMPROVEMENT in actions.names,
        "may_unlink": Action.UNLINK_IMPROVEMENT in actions.names,
        "suggestion_href": related.suggestion_href(dossier, actions.names),
        "version": dossier.case.version,
    }


def _view(dossier: Dossier, posted: tuple[str, ActionForm] | None, revealed: bool) -> CaseView:
    case = dossier.case
    actions = _page_actions(dossier, posted)
    panel = draft_panel.panel(dossier, posted[1] if posted else None)
    number = case.reference
    answer = _answer_form(dossier, actions, panel)
    sender = case_presenter.sender_name(case)
    return CaseView(
        case=case_presenter.staff_head(case, url_for("backoffice.case", number=number)),
        **_promise(case),
        handler=handler_text(case),
        colleagues=related.company(dossier.colleagues),
        tasks=[_task(number, task) for task in dossier.tasks],
        secrecy=case_secrecy(case),
        withheld=withheld(dossier),
        held=why_held(dossier.actor, case),
        message_actions=_message_actions(dossier, actions),
        messages=messages.thread(dossier, sender),
        answer=panel,
        measures=measures.case_rows(dossier, actions.names),
        **_improvements(dossier, actions),
        sent=messages.panel(dossier),
        trail=case_presenter.timeline(dossier.trail, staff=True),
        facts=facts(case, dossier.bars, revealed),
        routine=routine_panel(case),
        reader_warning=reader_warning(case),
        protected=parties.is_protected(case),
        revealed=revealed,
        may_reveal=parties.may_reveal(dossier.actor, case),
        related=related.related(dossier.related),
        similar_href=url_for("backoffice.similar_cases", number=number),
        print_href=url_for("backoffice.print_of", number=number),
        pdf_href=url_for("backoffice.pdf_of", number=number) if pdf.available() else "",
        panels=actions.panels(),
        actions=actions.names,
        can_answer=answer is not None,
        writing=tab_groups(actions, answer),
        list_bar=list_bar(dossier.actor, case),
    )
