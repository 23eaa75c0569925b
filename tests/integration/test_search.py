"""Searching: both databases find the same, and nobody finds what they may not see."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, delete, select, true

from portal import clock, db
from portal.cases import parties
from portal.cases.actions import handling, routing
from portal.cases.enums import Piece, ReplyBy
from portal.cases.intake.submission import Receipt, submit
from portal.cases.models import Case
from portal.cases.queue import conditions, listing
from portal.cases.queue.filters import Filters, Sort, View
from portal.cases.search import analysis, hits, lexemes, similar
from portal.cases.search import index as search_index
from portal.cases.search import queries as search
from portal.cases.search.index import reindex
from portal.cases.search.models import SearchCase, SearchText
from portal.cases.visibility import visible_to
from portal.identity.actors import Actor, Citizen, Role, Staff, System
from portal.identity.models import Person
from portal.operations import migrations
from portal.organisation.models import Unit
from portal.pagination import BEGINNING, place
from tests import cases, factories
from tests.cases import do
from tests.stateful_model import index

pytestmark = pytest.mark.usefixtures("inside")
SYSTEM = System()


def found(query: str, actor: Actor = SYSTEM) -> list[int]:
    """The cases that the actor finds, the newest first."""
    db.close_read_session()
    where = visible_to(actor), search.matching(actor, query)
    return list(db.session().scalars(select(Case.id).where(*where).order_by(Case.id.desc())))


def shown(receipt: Receipt, query: str, actor: Actor = SYSTEM) -> str:
    """The sentence with the hits in brackets."""
    each = search.excerpts(actor, [receipt.case], query).get(receipt.case)
    return "".join(f"[{part}]" if hit else part for part, hit in each.parts) if each else ""


def change(receipt: Receipt, **values: Any) -> None:
    """The sender's party is otherwise now, and the index has been told."""
    with db.transaction():
        case = db.session().get_one(Case, receipt.case)
        for name, value in values.items():
            setattr(case.party, name, value)
        reindex(case)


def from_somebody(sender: Citizen | None = None, **more: Any) -> Receipt:
    given: dict[str, Any] = {"email": "anna.lindqvist@exempel.se", "name": "Anna Lindqvist"} | more
    with db.transaction():
        return submit(factories.new_case(**given), sender)


def test_subject_body_answer_note_number_and_sender_are_searched() -> None:
    officer = factories.member()
    case = from_somebody(subject="Trasig gunga", body="Kedjan är av.", phone="+46701234567")
    factories.act(handling.note, officer, case, "Ring entreprenören.")
    factories.act(handling.answer, officer, case, "Vi har bytt kedjan och målat ställningen.")
    other = factories.send_in(subject="Hål i gatan", body="Vid torget.")
    for query in ("gungor", "KEDJA", "entreprenör", "målade", "gungan kedjan entreprenören lindqvist"):
        assert found(query, officer) == [case.case], query
    for query in ("anna.lindqvist@exempel.se", "070-123 45 67", '"anna lindqvist"', factories.number(case)):
        assert found(query, officer) == [case.case], query
    assert found("gata", officer) == [other.case]
    assert found("gungan gatan", officer) == found("elefant", officer) == found("", officer) == []


def test_the_newest_sentence_with_the_hit_is_shown() -> None:
    case = from_somebody(subject="Trasig gunga", body="Gungan gnisslar. Den är röd.")
    assert shown(case, "gungor") == "[Gungan] gnisslar."
    factories.act(handling.answer, factories.member(), case, "Hej! Nu är gungan lagad. Tack.")
    assert shown(case, "gungor") == "Nu är [gungan] lagad."
    assert shown(case, "trasig") == "[Trasig] gunga"
    assert shown(case, "lindqvist") == "Anna [Lindqvist]"
    assert shown(case, "och") == shown(case, "elefant") == ""
    assert search.excerpts(SYSTEM, [], "gunga") == {}


@pytest.mark.parametrize("where", ["party", "person", "case"])
def test_a_hidden_sender_is_not_found_by_name(where: str) -> None:
    sender = factories.citizen()
    case = from_somebody(sender, subject="Gungan")
    assert found("lindqvist") == found("exempel.se") == [case.case]
    with db.transaction():
        row = db.session().get_one(Case, case.case)
        assert row.party
        match where:
            case "party":
                row.party.protected = True
            case "person":
                db.session().get_one(Person, sender.person).protected = True
            case "case":
                row.hide_sender = True
    # Whoever forgets to tell the index reveals nobody all the same.
    assert found("lindqvist") == found("exempel.se") == []
    assert shown(case, "lindqvist") == ""
    with db.transaction():
        if where == "person":
            search_index.forget_protected()
        else:
            reindex(db.session().get_one(Case, case.case))
    assert not any(piece == "party" for _case, piece, *_more in index())
    assert found("gunga") == [case.case]


def test_a_changed_name_is_found_and_the_old_one_is_gone() -> None:
    case = from_somebody()
    change(case, name="Bo Ek", email=None)
    assert found("bo ek") == [case.case]
    assert found("lindqvist") == []


def test_who_may_not_see_a_case_neither_finds_it_nor_its_sentence() -> None:
    maria, officer = factories.citizen(), factories.member()
    park, secret = (
        from_somebody(maria, subject="Elefanten"),
        factories.send_in(category="aldre", subject="Elefant"),
    )
    everybody = factories.member("eva", Role.RECORDS_OFFICER, None)
    registrar = factories.member("samir", Role.REGISTRAR, None)
    assert found("elefant", everybody) == [secret.case, park.case]
    assert found("elefant", registrar) == found("elefant", officer) == [park.case]
    assert found("elefant", maria) == [park.case]
    assert found("elefant", Staff(officer.person)) == []
    assert not search.excerpts(officer, [secret.case], "elefant")
    # Nobody finds their own case at work.
    with db.transaction():
        case = db.session().get_one(Case, park.case)
        assert case.party
        parties.link_person(case, case.party, officer.person)
    assert found("elefant", officer) == []
    assert (
        similar.similar_cases(officer, factories.case(secret))
        == similar.same_sender(officer, factories.case(secret))
        == []
    )


HOSTILE = [
    *('"', '""', '"a', "*", "a*", "NEAR(a b)", "a AND b", "a OR", "NOT", "stems:a", "-a", "^a", "{a b}:c"),
    *("a & b", "a | !b", "a <-> b", "a:*", "!", "'", "''", "\\", "%", "_", "a\x00b", "\x00", "\ud800"),
    *(
        "((((",
        "a" * 10_000,
        "gunga " * 2_000,
        "å" * 10_000,
        "0 " * 5_000,
        '"' * 10_000,
        "🦆",
        "a\u0301" * 500,
    ),
]


def test_whatever_is_written_in_the_box_is_no_error() -> None:
    case = factories.send_in(subject="a b gunga")
    for query in HOSTILE:
        assert set(found(query)) <= {case.case}, query
        search.excerpts(SYSTEM, [case.case], query)
    assert found("a AND b") == []


# Forms of one word in each line: who searches for one of them finds them all, and nothing of another line.
FORMS = [
    line.split()
    for line in ("får fåret fåren", "far faran", "gata gatan gator", "Å å", "idé idén", "gunga gungan")
]
WORDS = [(line, form) for line, forms in enumerate(FORMS) for form in forms]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=4, max_size=4)
WILD = st.text(alphabet='aåé1 -+.@:"*()&|!<\x00e\u0301ÅßŒ٣ﬁ', max_size=40)
CHEAP = hypothesis(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def four(inside: Flask) -> list[int]:
    """Four cases."""
    return [factories.send_in().case for _each in range(4)]


def forget(texts: ColumnElement[bool], of_cases: ColumnElement[bool]) -> None:
    """The index has lost these rows."""
    db.session().execute(delete(SearchText).where(texts))
    db.session().execute(delete(SearchCase).where(of_cases))


def say_instead(four: Iterable[int], texts: Iterable[str]) -> None:
    """The index says something else of the four."""
    with db.transaction():
        db.session().execute(delete(SearchText))
        for case, text in zip(four, texts, strict=True):
            for row in analysis.stored(text):
                db.session().add(SearchText(case_id=case, piece=Piece.SUBJECT, stems=row))
            db.session().flush()
            search_index.write_lexemes(db.session().get_one(Case, case))


@CHEAP
@given(texts=TEXTS, asked=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), max_size=5))
def test_each_database_finds_those_that_hold_every_word(four: list[int], texts: Any, asked: Any) -> None:
    say_instead(four, (", ".join(form for _line, form in text) for text in texts))
    for query in asked:
        wanted = {line for line, _form in query}
        holders = [
            case for case, text in zip(four, texts, strict=True) if wanted <= {line for line, _ in text}
        ]
        assert sorted(found(" ".join(form for _line, form in query))) == holders


@CHEAP
@given(texts=st.lists(WILD, min_size=4, max_size=4), asked=st.lists(WILD, max_size=8))
def test_each_database_finds_what_the_words_themselves_say(four: list[int], texts: Any, asked: Any) -> None:
    say_instead(four, texts)
    for query in [*asked, *texts]:
        terms = analysis.parse(query).terms
        holders = [
            case
            for case, text in zip(four, map(analysis.clean, texts), strict=True)
            if terms and all(analysis.places(text, [term]) for term in terms)
        ]
        assert sorted(found(query)) == holders, query


def test_the_index_can_be_written_anew_and_be_filled_with_what_it_lacks() -> None:
    for status in cases.Status:
        cases.brought_to(status)
    do(cases.Action.SPLIT, factories.member("eva"), from_somebody(factories.citizen()))
    before = index()
    assert search_index.fill() == 0
    assert search_index.rebuild() == len({case for case, *_more in before})
    assert index() == before
    with db.transaction():
        forget(SearchText.case_id > 2, SearchCase.case_id > 2)
    assert search_index.fill() == len({case for case, *_more in before}) - 2
    assert index() == before


def test_cases_that_share_telling_words_are_alike_the_likest_first() -> None:
    officer = factories.member()
    first = factories.send_in(subject="Trasig gunga i Sturebyparken", body="Kedjan är av.")
    for number in range(6):
        factories.send_in(subject=f"Papperskorg {number}", body="Den är full och borde tömmas oftare.")
    near = factories.send_in(subject="Gungor", body="Gungan i Sturebyparken är trasig igen.")
    far = factories.send_in(subject="Gunga", body="I Sturebyparken behövs en gunga.")
    factories.send_in(subject="Trasig gunga i Sturebyparken", category="aldre")
    assert [each.id for each in similar.similar_cases(officer, factories.case(first))] == [
        near.case,
        far.case,
    ]
    full = similar.similar_cases(officer, factories.case(Receipt(2, 2026, 2, None, True)))
    assert len(full) == similar.MAX_SIMILAR
    assert {each.id for each in full} <= set(range(2, 8)) - {2}


def test_the_same_sender_is_the_same_person_and_never_one_who_is_hidden() -> None:
    officer, maria = factories.member(), factories.citizen()
    sent = [from_somebody(maria) for _each in range(7)]
    from_somebody(factories.citizen("yusuf"))
    stranger, other = from_somebody(), from_somebody()
    factories.send_in(reply_by=ReplyBy.CODE)
    same = [each.id for each in similar.same_sender(officer, factories.case(sent[0]))]
    assert same == [each.case for each in reversed(sent[2:])]
    assert similar.same_sender(officer, factories.case(stranger)) == []
    for each in (stranger, other):
        change(each, identity_number_index=b"the same")
    assert [each.id for each in similar.same_sender(officer, factories.case(stranger))] == [other.case]
    change(other, protected=True)
    assert not similar.same_sender(officer, factories.case(stranger))
    assert not similar.same_sender(officer, factories.case(other))


def test_the_command_writes_the_index_anew_and_going_forward_fills_it(inside: Flask) -> None:
    from_somebody()
    before = index()
    with db.transaction():
        forget(true(), true())
    assert inside.test_cli_runner().invoke(args=["search", "rebuild"]).output == "1 cases are in the index.\n"
    assert index() == before
    with db.transaction():
        forget(true(), true())
    migrations.prepare()
    assert index() == before


def test_a_part_of_a_compound_finds_it_and_marks_are_folded() -> None:
    lamp = from_somebody(subject="Gatubelysningen", name="Linnéa Ek", email=None, phone="070-123 45 67")
    other = factories.send_in(subject="Belysning", body="På gatan, Storgatan 12 B.")
    assert found("belysning") == [other.case, lamp.case]
    assert found("gatubelysning") == found("linnea") == found("4567") == [lamp.case]
    assert found("12B") == [other.case]
    assert found(f"{factories.number(lamp)[:7]}-1") == [lamp.case]


def test_a_sender_who_is_hidden_leaves_the_lexemes_too() -> None:
    case = from_somebody(factories.citizen(), subject="Gungan")
    assert "lindqvist" in lexemes_of(case)
    change(case, protected=True)
    assert "lindq" not in lexemes_of(case)


def lexemes_of(receipt: Receipt) -> str:
    db.close_read_session()
    return db.session().get_one(SearchCase, receipt.case).lexemes


def test_the_lexemes_follow_a_case_to_its_unit_and_out_of_the_open_ones() -> None:
    officer, samir = factories.member(), factories.member("samir", unit="gata")
    case = factories.send_in(subject="Gungan")
    assert lexemes.OPEN in lexemes_of(case).split()
    assert [row.id for row in listed(officer, "gunga")] == [case.case]
    with db.transaction():
        gata = db.session().scalars(select(Unit).where(Unit.key == "gata")).one()
    factories.act(routing.hand_over, officer, case, gata)
    assert [row.id for row in listed(samir, "gunga")] == [case.case]
    assert listed(officer, "gunga") == []
    factories.act(handling.answer, samir, case, "Lagad.", close=True)
    assert lexemes.OPEN not in lexemes_of(case).split()
    assert listed(samir, "gunga") == []
    assert [row.id for row in listed(samir, "gunga", View.NEWEST)] == [case.case]


def listed(actor: Staff, words: str, view: View = View.OPEN, **more: Any) -> Any:
    db.close_read_session()
    filters = Filters(view=view, words=words, sort=Sort.NEWEST)
    return listing.list_cases(actor, filters, conditions.days(), **more).rows


def pages(actor: Staff, filters: Filters) -> list[int]:
    """The cases of all pages, and back again the same."""
    order = listing.ORDERS[filters.sort]
    where, forward, at = BEGINNING, [], conditions.days()
    while True:
        page = listing.list_cases(actor, filters, at, where)
        forward.append([row.id for row in page.rows])
        if page.after is None:
            break
        where = place(order, page.after, None)
    back = [forward[-1]]
    while page.before:
        page = listing.list_cases(actor, filters, at, place(order, None, page.before))
        back.insert(0, [row.id for row in page.rows])
    every = list(chain(*forward))
    if list(chain(*back[1:])) == every:
        # Nothing lay before: the way back ends at the first page, whatever its address.
        assert back.pop(0) == every[: len(forward[0])]
    assert list(chain(*back)) == every
    return list(chain(*forward))


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
@pytest.mark.parametrize("bounds", [(64, 128, 6), (3, 5, 2), (1, 1, 1)])
def test_every_page_of_hits_together_has_each_hit_once(
    monkeypatch: pytest.MonkeyPatch, sort: Sort, bounds: tuple[int, int, int]
) -> None:
    eva = factories.member("eva", Role.RECORDS_OFFICER, None)
    sent = [factories.send_in(subject="gunga" if number % 3 else "hål").case for number in range(40)]
    # They came in over many years, and not in the order of their numbers.
    with db.transaction():
        for number, case in enumerate(sent):
            row = db.session().get_one(Case, case)
            row.received_at = clock.now() - timedelta(hours=(number * 7 % 40) ** 3)
        db.session().execute(delete(SearchCase))
        db.session().execute(delete(SearchText))
    search_index.fill()
    monkeypatch.setattr(hits, "FIRST_ROUND", bounds[0])
    monkeypatch.setattr(hits, "ROUND", bounds[1])
    monkeypatch.setattr(hits, "MAX_ROUNDS", bounds[2])
    db.close_read_session()
    cases = [db.session().get_one(Case, case) for number, case in enumerate(sent) if number % 3]
    expected = [case.id for case in sorted(cases, key=lambda case: (case.received_at, case.id))]
    if sort is Sort.NEWEST:
        expected.reverse()
    assert pages(eva, Filters(View.NEWEST, words="gunga", sort=sort)) == expected


def test_two_letters_with_a_sentence_in_common_are_about_different_things() -> None:
    officer = factories.member()
    sentence = "Jag bor på Lövåsgatan och betalar genom autogiro varje kvartal."
    bill = factories.send_in(subject="Fel belopp på fakturan", body=f"{sentence} Beloppet är dubbelt.")
    factories.send_in(subject="Tack för hjälpen", body=f"{sentence} Ni är så trevliga.")
    same = factories.send_in(subject="Fakturan", body="Dubbelt belopp på fakturan igen.")
    assert [case.id for case in similar.similar_cases(officer, factories.case(bill))] == [same.case]
