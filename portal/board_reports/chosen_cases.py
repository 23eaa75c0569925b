"""The cases that are chosen for a report: the proposed text of one, and the commands.

The case does not learn of it: nothing happens to it that its sender would be informed of.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select

from portal import clock
from portal.audit import read_log
from portal.board_reports import queries, rules
from portal.board_reports.commands import UnknownReport, for_change
from portal.board_reports.models import BoardReport, BoardReportCase
from portal.board_reports.rules import ChoiceProblem, ReportState
from portal.cases import parties, reference_numbers
from portal.cases.answers.earlier import details
from portal.cases.enums import Direction
from portal.cases.models import Case, Message
from portal.cases.queries import case_by_id, case_for
from portal.cases.visibility import message_visible_to
from portal.db import StaleVersion, session
from portal.formats import anonymisation
from portal.formats.anonymisation import Details, Mask
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.identity.snapshots import snapshot_of
from portal.organisation import queries as organisation


class WrongChoice(Exception):
    """The case, or its text, cannot be in the report. `details`: what kinds of them the text has."""

    def __init__(self, problem: ChoiceProblem, details_in_text: Collection[Mask] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.details = tuple(details_in_text)


class Suggestion(NamedTuple):
    """A proposed text of a case, and its reference as it is written."""

    reference: str
    text: str


def suggested_text(actor: Staff, report_id: int, reference: str) -> Suggestion | ChoiceProblem:
    """The subject and first text of a case, masked: a display of the case, with a row in the read log.

    Outside transaction(). Raises UnknownReport for one that the actor chooses no cases for.
    """
    row = session().get(BoardReport, report_id)
    if row is None or row.state is ReportState.FIXED:
        raise UnknownReport
    if actor.membership is None or not rules.may_choose_cases(actor, queries.place_of(row.board_id)):
        raise UnknownReport
    case = _case(actor, reference)
    problem = case_problem(case, row.board_id)
    if case is None or problem:
        return problem or ChoiceProblem.UNKNOWN_CASE
    text = _suggestion(case, _first_text(actor, case))
    read_log.log_rows(actor, [case.id])
    return Suggestion(case.reference, text)


def _case(actor: Staff, reference: str) -> Case | None:
    prefix = organisation.profile().number_prefix
    number = reference_numbers.parse(prefix, reference, clock.today().year)
    return case_for(actor, *number) if number else None


def case_problem(case: Case | None, board_id: int) -> ChoiceProblem | None:
    """Why a case is not chosen for a report of a board; None if it can be."""
    if case is None:
        return ChoiceProblem.UNKNOWN_CASE
    if case.responsible_board_id != board_id:
        return ChoiceProblem.OTHER_BOARD
    if session().scalar(select(queries.has_secrecy()).where(Case.id == case.id)):
        return ChoiceProblem.SECRECY
    return ChoiceProblem.PROTECTED if case.hide_sender or parties.is_protected(case) else None


def _first_text(actor: Staff, case: Case) -> str:
    query = select(Message.body).join(Case, Case.id == Message.case_id).where(Case.id == case.id)
    query = query.where(Message.direction == Direction.IN, message_visible_to(actor))
    return session().scalar(query.order_by(Message.id).limit(1)) or ""


def _known(case: Case, text: str) -> Details:
    """What is known of the sender, and the names of staff that the text has, as of the handling officer."""
    known = details(case)
    words = {form for word in anonymisation.WORD.findall(text) for form in (word, word.removesuffix("s"))}
    staff = anonymisation.names(*(member.name for member in people.member_rows()))
    # As they are written: "per" is a word, and "Per" a name.
    return replace(known, names=known.names | (staff & words))


def _suggestion(case: Case, body: str) -> str:
    known = _known(case, f"{case.public_subject}\n{body}")
    text = f"{anonymisation.masked(case.public_subject, known)}\n\n{anonymisation.masked(body, known)}"
    for mask in Mask:
        # Not a prompt: a report says what was there.
        text = text.replace(mask, mask.replace("[Skriv ", "["))
    return text.strip()[: rules.MAX_TEXT]


def choose_case(
    actor: Staff, report_id: int, reference: str, text: str, version: int, checked: bool = False
) -> None:
    """Add a case to a draft with a text. The same again is a second press and changes nothing.

    Raises UnknownReport, FixedReport, WrongChoice, and StaleVersion. `checked`: the actor keeps what may be
    a detail.
    """
    # The case first, in the order in which all commands lock.
    case = _case(actor, reference)
    row = for_change(actor, report_id, rules.may_choose_cases)
    if problem := case_problem(case, row.board_id):
        raise WrongChoice(problem)
    assert case
    known = session().scalar(select(BoardReportCase).filter_by(report_id=row.id, case_id=case.id))
    if known:
        if known.body == text:
            return
        raise WrongChoice(ChoiceProblem.ALREADY_CHOSEN)
    _require_text(case, text, checked)
    if version != row.version:
        raise StaleVersion
    _write(actor, row, BoardReportCase(report_id=row.id, case_id=case.id), text, checked)


def change_case(
    actor: Staff, report_id: int, entry_id: int, text: str, version: int, checked: bool = False
) -> None:
    """Change the text of a chosen case. The same again changes nothing. Raises as choose_case()."""
    case, row, entry = _entry(actor, report_id, entry_id)
    if case is None:
        raise UnknownReport
    if problem := case_problem(case, row.board_id):
        raise WrongChoice(problem)
    if entry.body == text:
        return
    _require_text(case, text, checked)
    if version != row.version:
        raise StaleVersion
    _write(actor, row, entry, text, checked)


def remove_case(actor: Staff, report_id: int, entry_id: int, version: int) -> None:
    """Remove a chosen case that the actor may see, or that is left out.

    Raises UnknownReport, FixedReport, and StaleVersion.
    """
    case, row, entry = _entry(actor, report_id, entry_id)
    if case is None and entry.id not in queries.left_out(row):
        raise UnknownReport
    if version != row.version:
        raise StaleVersion
    session().delete(entry)
    row.version += 1


def _entry(actor: Staff, report_id: int, entry_id: int) -> tuple[Case | None, BoardReport, BoardReportCase]:
    """The case of an entry if the actor may see it, the draft, and the entry."""
    of_entry = select(BoardReportCase.case_id).filter_by(id=entry_id, report_id=report_id)
    case_id = session().scalar(of_entry)
    case = case_by_id(actor, case_id) if case_id else None
    row = for_change(actor, report_id, rules.may_choose_cases)
    entry = session().scalar(select(BoardReportCase).filter_by(id=entry_id, report_id=row.id))
    if entry is None:
        raise UnknownReport
    return case, row, entry


def _require_text(case: Case, text: str, checked: bool) -> None:
    """Raises WrongChoice."""
    if problem := rules.text_problem(text):
        raise WrongChoice(problem)
    kinds = anonymisation.details_in(text, _known(case, text))
    if Mask.NAME not in kinds and anonymisation.has_whole_name(text):
        kinds.insert(0, Mask.NAME)
    if kinds and not checked:
        raise WrongChoice(ChoiceProblem.DETAILS, kinds)


def _write(actor: Staff, row: BoardReport, entry: BoardReportCase, text: str, checked: bool) -> None:
    assert actor.membership is not None
    entry.body = text
    entry.checked = checked
    entry.written_at = clock.now()
    entry.author_id = snapshot_of(actor.membership).id
    session().add(entry)
    row.version += 1
