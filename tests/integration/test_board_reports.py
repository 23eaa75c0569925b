"""A board's report: pressed, commented on, with chosen cases, and fixed."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError

from portal import clock, db
from portal.audit.models import Read, Reading
from portal.board_reports import chosen_cases, commands, queries
from portal.board_reports.chosen_cases import Suggestion, WrongChoice
from portal.board_reports.commands import FixedReport, UnknownReport
from portal.board_reports.models import BoardReport, BoardReportCase, BoardReportComment
from portal.board_reports.queries import ReportView
from portal.board_reports.rules import ChoiceProblem, Problem, ReportState, Section
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case, Message, Party
from portal.db import StaleVersion
from portal.formats.anonymisation import Mask
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.statistics.inside.rules import Months
from portal.statistics.published.closed_months import count_next_month
from tests import factories
from tests.integration.test_improvements import at, travel  # noqa: F401

MARCH = Months(date(2026, 3, 1), date(2026, 3, 1))
TEXT = "En förälder undrade varför lekplatsen var stängd."
SUMMARY = {Section.SUMMARY: "Vi svarade i tid."}


@pytest.fixture
def receipt(inside: Flask, travel: object) -> Receipt:  # noqa: F811
    """A case of March about a park, of a month that is counted."""
    with clock.at(at(date(2026, 3, 4))):
        made = factories.send_in(name="Maria Ek", email="maria@example.org")
    while count_next_month():
        pass
    return made


@pytest.fixture
def head(receipt: Receipt) -> Staff:
    """The head of all units, who may do everything with a report."""
    return factories.member("samir", Role.HEAD_OF_UNIT, None)


@pytest.fixture
def draft(head: Staff) -> int:
    return pressed(head)


def board() -> str:
    """The key of the board of the parks."""
    unit = organisation.unit("park")
    assert unit
    key: str = db.session().get_one(Board, unit.board_id).key
    return key


def pressed(actor: Staff, months: Months = MARCH) -> int:
    result = commands.create(actor, board(), months)
    assert isinstance(result, int)
    return result


def view(actor: Staff, report: int) -> ReportView:
    db.close_read_session()
    found = queries.report(actor, report)
    assert found
    return found


def done(command: Callable[..., None], actor: Staff, report: int, *given: object, **more: object) -> None:
    """The command in a transaction, with the version that the report has now."""
    with db.transaction() as writer:
        version = writer.get_one(BoardReport, report).version
        command(actor, report, *given, version=version, **more)


def chosen(actor: Staff, report: int, receipt: Receipt, text: str = TEXT) -> None:
    done(chosen_cases.choose_case, actor, report, factories.number(receipt), text)


def fixed(actor: Staff, report: int) -> None:
    done(commands.fix, actor, report)


def changed(receipt: Receipt, **values: object) -> None:
    with db.transaction() as writer:
        writer.execute(update(Case).where(Case.id == receipt.case).values(**values))


def protected(receipt: Receipt) -> None:
    with db.transaction() as writer:
        of_case = select(Case.party_id).where(Case.id == receipt.case).scalar_subquery()
        writer.execute(update(Party).where(Party.id == of_case).values(protected=True))


def marked(receipt: Receipt) -> None:
    with db.transaction() as writer:
        query = update(Message).where(Message.case_id == receipt.case)
        writer.execute(query.values(secrecy_provision="OSL 21:1"))


def test_a_press_makes_one_draft_however_often_it_is_pressed(app: Flask, head: Staff) -> None:
    db.close_read_session()
    drafts = set(factories.at_once(app, 2, lambda _place: pressed(head)))
    assert drafts == {pressed(head)}
    found = view(head, drafts.pop())
    assert (found.state, found.version, found.content.first) == (ReportState.DRAFT, 1, MARCH.first)
    assert (found.created_by.name, found.fixed_at, found.may_fix) == ("Samir", None, True)


def test_months_without_a_report_say_why(head: Staff) -> None:
    may = date(2026, 5, 1)
    january = date(2024, 1, 1)
    for months, problem in (
        (Months(MARCH.last, date(2026, 2, 1)), Problem.REVERSED),
        (Months(january, MARCH.last), Problem.TOO_LONG),
        (Months(MARCH.first, may), Problem.NOT_COUNTED),
        (Months(january, january), Problem.NOTHING_CAME_IN),
    ):
        assert commands.create(head, board(), months) is problem
    assert commands.create(head, "finns-inte", MARCH) is Problem.UNKNOWN_BOARD
    with db.transaction() as writer:
        writer.execute(update(Board).where(Board.key == board()).values(closed_at=clock.now()))
    assert commands.create(head, board(), MARCH) is Problem.CLOSED_BOARD


def test_before_the_first_count_there_is_no_report(inside: Flask) -> None:
    head = factories.member("samir", Role.HEAD_OF_UNIT, None)
    assert commands.create(head, board(), MARCH) is Problem.NOTHING_COUNTED


def actors() -> dict[str, Staff]:
    """Of each role one, the officer and heads of a unit of the board and of another."""
    made = {}
    park, other = organisation.unit("park"), other_unit()
    with db.transaction():
        for role in Role:
            for name, unit in ((f"{role}", park), (f"{role} of another", other)):
                scope = scope_of(role, unit)
                if unit is other and scope == identity.MembershipScope():
                    continue
                member = identity.add_member("Eva", factories.NUMBERS["eva"], role, scope)
                made[name] = people.as_staff(member)
    return made


def other_unit() -> object:
    park = organisation.unit("park")
    assert park
    for unit in organisation.units():
        if unit.board_id != park.board_id and unit.administration_id != park.administration_id:
            return unit
    raise AssertionError("the profile has one board")


def scope_of(role: Role, unit: object) -> identity.MembershipScope:
    if role in (Role.OFFICER, Role.HEAD_OF_UNIT):
        return identity.MembershipScope(unit=unit.id)  # type: ignore[attr-defined]
    if role is Role.HEAD_OF_ADMINISTRATION:
        return identity.MembershipScope(administration=unit.administration_id)  # type: ignore[attr-defined]
    if role is Role.RECORDS_OFFICER:
        return identity.MembershipScope(board=unit.board_id)  # type: ignore[attr-defined]
    return identity.MembershipScope()


WRITERS = {"head_of_unit", "head_of_administration", "process_owner"}
CHOOSERS = {"officer", "head_of_unit", "head_of_administration"}
FIXERS = {"head_of_administration"}
READERS = WRITERS | CHOOSERS | {"records_officer", "elected", "analyst", "registrar"}


def test_a_command_is_unknown_to_those_it_is_not_for(head: Staff, draft: int, receipt: Receipt) -> None:
    every = actors()
    chosen(head, draft, receipt)
    entry = view(head, draft).chosen[0].id
    number = factories.number(receipt)
    table: list[tuple[set[str], Callable[[Staff], object]]] = [
        (WRITERS, lambda actor: commands.comment(actor, draft, SUMMARY, version=2)),
        (CHOOSERS, lambda actor: chosen_cases.choose_case(actor, draft, number, TEXT, version=2)),
        (CHOOSERS, lambda actor: chosen_cases.change_case(actor, draft, entry, TEXT, version=2)),
        (CHOOSERS, lambda actor: chosen_cases.remove_case(actor, draft, entry, version=2)),
        (WRITERS, lambda actor: commands.delete_draft(actor, draft, version=2)),
        (FIXERS, lambda actor: commands.fix(actor, draft, version=2)),
    ]
    for allowed, command in table:
        # Nothing is done for the others, so that they share a transaction.
        with db.transaction():
            for name, actor in every.items():
                if name not in allowed:
                    with pytest.raises(UnknownReport):
                        command(actor)
        for name in allowed:
            assert is_known(command, every[name]), name
    for name, actor in every.items():
        outside = is_known(lambda actor: commands.count_again(actor, draft), actor, inside=False)
        assert outside is (name in WRITERS), name
        made = commands.create(actor, board(), MARCH)
        assert (made is Problem.UNKNOWN_BOARD) is (name not in WRITERS), name
        suggested = is_known(
            lambda actor: chosen_cases.suggested_text(actor, draft, number), actor, inside=False
        )
        assert suggested is (name in CHOOSERS), name


class _Undo(Exception):
    """Ends a transaction."""


def is_known(command: Callable[[Staff], object], actor: Staff, inside: bool = True) -> bool:
    """Whether an actor may do something, which is not done."""
    try:
        if not inside:
            command(actor)
            return True
        with db.transaction():
            command(actor)
            raise _Undo
    except UnknownReport:
        return False
    except _Undo:
        return True
    finally:
        db.close_read_session()


def test_a_report_is_listed_for_those_who_read_it(head: Staff, draft: int) -> None:
    every = actors()
    for is_fixed, readers in ((False, WRITERS | CHOOSERS), (True, READERS)):
        if is_fixed:
            fixed(head, draft)
        for name, actor in every.items():
            db.close_read_session()
            is_read = queries.report(actor, draft) is not None
            assert is_read is (name in readers), name
            assert [row.id for row in queries.reports(actor)] == ([draft] if is_read else [])
            assert bool(queries.boards_with_reports(actor)) is is_read
    assert queries.reports(head, "finns-inte") == []
    row = queries.reports(head, board())[0]
    assert (row.state, row.fixed_by and row.fixed_by.name) == (ReportState.FIXED, "Samir")
    assert [found.key for found in queries.boards_of(every["head_of_unit"])] == [board()]
    assert queries.boards_of(every["elected"]) == []


def test_a_comment_is_kept_with_its_author_and_a_stale_one_is_refused(head: Staff, draft: int) -> None:
    done(commands.comment, head, draft, SUMMARY)
    done(commands.comment, head, draft, SUMMARY)
    comment = view(head, draft).comments[Section.SUMMARY]
    assert (comment.body, comment.author.name, view(head, draft).version) == ("Vi svarade i tid.", "Samir", 2)
    with pytest.raises(StaleVersion), db.transaction():
        commands.comment(head, draft, {Section.SUMMARY: "Vi svarade sent."}, version=1)
    done(commands.comment, head, draft, {Section.SUMMARY: ""})
    assert view(head, draft).comments == {}


def test_a_case_is_chosen_as_a_text_that_names_no_one(head: Staff, draft: int, receipt: Receipt) -> None:
    suggested = chosen_cases.suggested_text(head, draft, factories.number(receipt))
    assert suggested == Suggestion(
        factories.number(receipt), "Lekplatsen är stängd\n\nIngen skylt säger varför."
    )
    db.close_read_session()
    reading = db.session().scalars(select(Reading)).one()
    assert (reading.case_id, reading.what, reading.membership_id) == (
        receipt.case,
        Read.LIST,
        head.membership,
    )
    before = factories.entries(receipt)
    chosen(head, draft, receipt)
    chosen(head, draft, receipt)
    assert factories.entries(receipt) == before
    entry = view(head, draft).chosen[0]
    assert (entry.reference, entry.body, entry.author.name) == (factories.number(receipt), TEXT, "Samir")
    with pytest.raises(WrongChoice, match="already_chosen"):
        chosen(head, draft, receipt, "Något annat.")
    done(chosen_cases.change_case, head, draft, entry.id, "Något annat.")
    assert view(head, draft).chosen[0].body == "Något annat."
    done(chosen_cases.remove_case, head, draft, entry.id)
    assert view(head, draft).chosen == []


def test_a_suggestion_is_masked(head: Staff, draft: int) -> None:
    body = "Hej Anna, ring Maria Ek på 070-123 45 67 om KB-2026-000001."
    other = factories.send_in(body=body, name="Maria Ek", email="maria@example.org")
    suggested = chosen_cases.suggested_text(head, draft, factories.number(other))
    assert isinstance(suggested, Suggestion)
    assert suggested.text.endswith("Hej [namn], ring [namn] på [telefonnummer] om [ärendenummer].")
    db.close_read_session()
    chosen(head, draft, other, suggested.text)


def test_staff_are_masked_too_and_two_names_in_a_row_are_a_detail(
    head: Staff, draft: int, receipt: Receipt
) -> None:
    factories.member("anna")
    body = "Då sa Anna att annat gick före, och Samirs chef Rut Alm höll med."
    other = factories.send_in(body=body, name="Maria Ek", email="maria@example.org")
    suggested = chosen_cases.suggested_text(head, draft, factories.number(other))
    assert isinstance(suggested, Suggestion)
    assert suggested.text.endswith("Då sa [namn] att annat gick före, och [namn] chef Rut Alm höll med.")
    db.close_read_session()
    with pytest.raises(WrongChoice) as refused:
        chosen(head, draft, other, suggested.text)
    assert refused.value.details == (Mask.NAME,)
    chosen(head, draft, other, "Då sa en medarbetare nej. Lekplatsen är stängd.")


def test_details_in_a_text_are_refused_until_they_are_looked_at(
    head: Staff, draft: int, receipt: Receipt
) -> None:
    text = "Maria skrev från maria@example.org om KB-2026-000001."
    with pytest.raises(WrongChoice) as refused:
        chosen(head, draft, receipt, text)
    assert refused.value.problem is ChoiceProblem.DETAILS
    assert set(refused.value.details) == {Mask.NAME, Mask.EMAIL, Mask.REFERENCE}
    done(chosen_cases.choose_case, head, draft, factories.number(receipt), text, checked=True)
    entry = db.session().scalars(select(BoardReportCase)).one()
    assert (entry.body, entry.checked) == (text, True)
    with pytest.raises(WrongChoice, match="details"):
        done(chosen_cases.change_case, head, draft, entry.id, f"{text} Igen.")


def test_a_case_that_may_not_be_chosen_says_why(head: Staff, draft: int, receipt: Receipt) -> None:
    def problem(number: str, text: str = TEXT) -> ChoiceProblem:
        suggested = chosen_cases.suggested_text(head, draft, number)
        db.close_read_session()
        with pytest.raises(WrongChoice) as refused:
            done(chosen_cases.choose_case, head, draft, number, text)
        assert isinstance(suggested, Suggestion) or suggested is refused.value.problem
        return refused.value.problem

    assert problem("KB-2026-999999") is ChoiceProblem.UNKNOWN_CASE
    assert problem("vet inte") is ChoiceProblem.UNKNOWN_CASE
    number = factories.number(receipt)
    assert problem(number, " ") is ChoiceProblem.EMPTY
    assert problem(number, "x" * 2001) is ChoiceProblem.TOO_LONG
    elsewhere = next(row.id for row in organisation.every_board() if row.key != board())
    changed(receipt, responsible_board_id=elsewhere)
    assert problem(number) is ChoiceProblem.OTHER_BOARD
    changed(receipt, responsible_board_id=view(head, draft).board_id, hide_sender=True)
    assert problem(number) is ChoiceProblem.PROTECTED
    changed(receipt, hide_sender=False)
    protected(receipt)
    assert problem(number) is ChoiceProblem.PROTECTED
    marked(receipt)
    assert problem(number) is ChoiceProblem.SECRECY


def test_a_case_that_is_not_seen_does_not_exist(head: Staff, draft: int) -> None:
    owner = factories.member("eva", Role.PROCESS_OWNER, None)
    officer = factories.member("anna", unit="gata")
    other = factories.send_in()
    changed(other, secrecy="marked")
    with pytest.raises((WrongChoice, UnknownReport)):
        chosen(officer, draft, other)
    shown = factories.send_in()
    chosen(head, draft, shown)
    assert view(owner, draft).chosen[0].reference is None


@pytest.mark.parametrize("happens", [marked, protected])
def test_what_must_not_be_chosen_any_more_is_left_out_of_a_draft(
    head: Staff, draft: int, receipt: Receipt, happens: Callable[[Receipt], None]
) -> None:
    chosen(head, draft, receipt)
    kept = factories.send_in()
    chosen(head, draft, kept, "En annan text.")
    happens(receipt)
    entries = view(head, draft).chosen
    assert [(entry.left_out, entry.body) for entry in entries] == [(True, ""), (False, "En annan text.")]
    fixed(head, draft)
    happens(kept)
    assert [(entry.left_out, entry.body) for entry in view(head, draft).chosen] == [(False, "En annan text.")]
    assert view(head, draft).chosen[0].reference is None


def test_what_is_left_out_can_be_removed_by_who_does_not_see_it(
    head: Staff, draft: int, receipt: Receipt
) -> None:
    chosen(head, draft, receipt)
    entry = view(head, draft).chosen[0].id
    changed(receipt, secrecy="marked")
    with pytest.raises(UnknownReport):
        done(chosen_cases.change_case, head, draft, entry, "Något annat.")
    done(chosen_cases.remove_case, head, draft, entry)
    assert view(head, draft).chosen == []


def test_a_fixed_report_never_changes(head: Staff, draft: int, receipt: Receipt) -> None:
    chosen(head, draft, receipt)
    done(commands.comment, head, draft, SUMMARY)
    with pytest.raises(StaleVersion), db.transaction():
        commands.fix(head, draft, version=1)
    fixed(head, draft)
    before = view(head, draft)
    assert (before.fixed_by and before.fixed_by.name, before.may_write, before.may_fix) == (
        "Samir",
        False,
        False,
    )
    entry = before.chosen[0].id
    fixed(head, draft)
    for command, given in (
        (commands.comment, [SUMMARY]),
        (commands.delete_draft, []),
        (chosen_cases.choose_case, [factories.number(receipt), TEXT]),
        (chosen_cases.change_case, [entry, TEXT]),
        (chosen_cases.remove_case, [entry]),
    ):
        with pytest.raises(FixedReport):
            done(command, head, draft, *given)
    with pytest.raises(FixedReport):
        commands.count_again(head, draft)
    with pytest.raises(UnknownReport):
        chosen_cases.suggested_text(head, draft, factories.number(receipt))
    assert view(head, draft) == before
    another = pressed(head)
    assert another != draft
    assert {row.id for row in queries.reports(head)} == {draft, another}


def test_a_draft_is_counted_again_and_what_differs_is_another_version(head: Staff, draft: int) -> None:
    commands.count_again(head, draft)
    assert view(head, draft).version == 1
    with db.transaction() as writer:
        writer.execute(update(Board).where(Board.key == board()).values(name="Parknämnden"))
    commands.count_again(head, draft)
    assert (view(head, draft).version, view(head, draft).content.board) == (2, "Parknämnden")


def test_a_deleted_draft_is_gone_with_all_that_was_written(head: Staff, draft: int, receipt: Receipt) -> None:
    chosen(head, draft, receipt)
    done(commands.comment, head, draft, SUMMARY)
    with pytest.raises(StaleVersion), db.transaction():
        commands.delete_draft(head, draft, version=1)
    done(commands.delete_draft, head, draft)
    db.close_read_session()
    assert queries.report(head, draft) is None
    assert db.session().scalar(select(func.count()).select_from(BoardReportCase)) == 0
    with pytest.raises(UnknownReport), db.transaction():
        commands.delete_draft(head, draft, version=3)


def test_two_who_change_a_draft_at_once_do_not_both(
    app: Flask, head: Staff, draft: int, receipt: Receipt
) -> None:
    def write(place: int) -> str:
        try:
            with db.transaction():
                commands.comment(head, draft, {Section.SUMMARY: f"Text {place}"}, version=1)
        except StaleVersion:
            return "stale"
        return "written"

    db.close_read_session()
    assert sorted(factories.at_once(app, 2, write)) == ["stale", "written"]


def test_the_database_itself_refuses_to_change_a_fixed_report(
    head: Staff, draft: int, receipt: Receipt
) -> None:
    chosen(head, draft, receipt)
    done(commands.comment, head, draft, SUMMARY)
    fixed(head, draft)
    before = view(head, draft)
    parts = BoardReportComment, BoardReportCase
    statements = [update(BoardReport).values(fixed_at=None), delete(BoardReport)]
    statements += [update(part).values(body="Annat.") for part in parts]
    statements += [delete(part) for part in parts]
    copied = [
        BoardReportCase.report_id,
        *map(literal, (receipt.case, "Annat.", True)),
        BoardReportCase.written_at,
    ]
    names = ["report_id", "case_id", "body", "checked", "written_at", "author_id"]
    statements.append(insert(BoardReportCase).from_select(names, select(*copied, BoardReportCase.author_id)))
    for statement in statements:
        with pytest.raises(DBAPIError, match="a fixed report never changes"), db.transaction() as writer:
            writer.execute(statement.execution_options(synchronize_session=False))
    assert view(head, draft) == before
