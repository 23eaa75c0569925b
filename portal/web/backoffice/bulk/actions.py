"""Bulk actions: cases chosen in the queue, a form for all of them, and a transaction for each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request

from portal import db
from portal.audit import trail
from portal.cases import queries, reference_numbers
from portal.cases.actions.bars import NobodyLeft
from portal.cases.actions.routing import AlreadyThere
from portal.cases.answers import drafts as answer_drafts
from portal.cases.authority.handovers import WrongGround
from portal.cases.deadlines import WrongDate
from portal.cases.improvements.commands import UnknownImprovement, WrongImprovement
from portal.cases.lifecycle import OPEN, Action, NotAllowed, Status
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions, held_back
from portal.cases.transitions import Conflict, NeedsConfirmation
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web import current
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.bulk.labels import DAYS, GROUNDS, Why
from portal.web.backoffice.case.actions import SPECS
from portal.web.forms import whole_number

MAX_CASES = 100
MAX_NUMBER = 40
ANSWERING = frozenset({Action.ANSWER, Action.ANSWER_AND_CLOSE})


@dataclass(frozen=True)
class Pick:
    """A number that was chosen in the queue.

    `case` is None if the actor cannot read it, `seen` is the version that the page showed, and `why` the
    reason that it cannot be changed, or was not.
    """

    number: str
    case: Case | None
    seen: int | None = None
    why: Why | None = None
    chosen: bool = True


def chosen_numbers() -> list[str]:
    """The numbers of the posted form, each once, in the order of the page."""
    numbers = {}
    for text in request.form.getlist("case"):
        if number := text.strip()[:MAX_NUMBER]:
            numbers[number] = True
    return list(numbers)


def picks(actor: Staff, numbers: Sequence[str]) -> list[Pick]:
    """The cases with these numbers, each with the version that the previous page showed."""
    prefix = organisation.profile().number_prefix
    references = {number: reference_numbers.parse(prefix, number) for number in numbers}
    # One query for all of them: a bulk action has up to MAX_CASES cases.
    cases = queries.cases_by_reference(actor, set(filter(None, references.values())))
    queries.know_bars(cases.values())
    versions = _versions()
    rows = []
    for number, reference in references.items():
        case = cases.get(reference) if reference else None
        rows.append(Pick(number, case, versions.get(number)))
    return rows


def _versions() -> dict[str, int]:
    """The versions that the page showed, by number, from hidden fields such as "KB-2026-000001 3"."""
    versions = {}
    for text in request.form.getlist("seen"):
        number, _space, digits = text.rpartition(" ")
        version = whole_number(digits)
        if version is not None:
            versions[number] = version
    return versions


def with_reasons(actor: Staff, action: Action, rows: Sequence[Pick]) -> list[Pick]:
    """The same rows, each with the reason that the action is impossible, if it is; those are unchecked."""
    checked = []
    for pick in rows:
        why = _reason_against(actor, action, pick)
        checked.append(replace(pick, why=why, chosen=why is None))
    return checked


def _reason_against(actor: Staff, action: Action, pick: Pick) -> Why | None:
    if pick.case is None:
        return Why.UNSEEN
    if pick.seen not in (None, pick.case.version):
        return Why.CHANGED
    if action in held_back(pick.case):
        return Why.HELD
    if action not in allowed_actions(actor, pick.case):
        return _why_not_now(action, pick.case)
    return _reason_to_answer_alone(actor, pick.case) if action in ANSWERING else None


def _reason_to_answer_alone(actor: Staff, case: Case) -> Why | None:
    """Why a case is not answered with others: its text goes to more senders, or replaces a draft."""
    if case.group_due is not None:
        return Why.GROUP
    return Why.DRAFT if case.id in answer_drafts.cases_with_draft(actor) else None


def _why_not_now(action: Action, case: Case) -> Why:
    if action is not Action.EXTEND or case.status not in OPEN:
        return Why.NOT_NOW
    if case.due_answer is None:
        return Why.NO_PROMISE
    return Why.WAITING if case.status is Status.AWAITING_CITIZEN else Why.NOT_NOW


def run(actor: Staff, action: Action, form: ActionForm, rows: Sequence[Pick]) -> list[Pick]:
    """Run the action on each case in its own transaction; return the rows with the reasons of failures."""
    return [replace(pick, why=_run_on_case(actor, action, form, pick)) for pick in rows]


def _is_repeated(actor: Staff, action: Action, number: str) -> bool:
    """Whether the actor has just done this with a case that they have not seen since: a second click."""
    reference = current.year_and_number(number)
    return bool(reference and trail.was_done_by(actor, action, *reference))


def _run_on_case(actor: Staff, action: Action, form: ActionForm, pick: Pick) -> Why | None:
    # A form has one version field: give it the version of this case.
    form.version.data = "" if pick.seen is None else str(pick.seen)
    try:
        with db.transaction():
            case = current.other_case(actor, pick.number)
            if case is None:
                return None if _is_repeated(actor, action, pick.number) else Why.UNSEEN
            if action in ANSWERING and (alone := _reason_to_answer_alone(actor, case)):
                return alone
            SPECS[action].run(actor, case, form)
    except (Conflict, db.StaleVersion):
        return Why.CHANGED
    except NeedsConfirmation:
        return Why.CONFIRM
    except WrongGround as refused:
        return GROUNDS[refused.problem]
    except WrongDate as refused:
        return DAYS.get(refused.problem, Why.WRONG_DAY)
    except AlreadyThere:
        return Why.THERE
    except (UnknownImprovement, WrongImprovement):
        return Why.IMPROVEMENT
    except NobodyLeft:
        return Why.NOBODY
    except NotAllowed as refusal:
        # The action itself is allowed, so its argument was refused: the officer or the unit.
        return Why.NOT_THEIRS if refusal.action in refusal.allowed else Why.NOT_NOW
    return None
