"""Secrecy on the case and on a message: who marks, who loses it, what then leads to it, and who lifts."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from portal import clock, db
from portal.audit import read_log
from portal.audit.company import recent_colleagues
from portal.audit.dossier import dossier_for
from portal.audit.models import Read
from portal.cases import parties, queries
from portal.cases.actions import handling, routing, secrecy, sender, subjects
from portal.cases.actions.secrecy import SamePerson, UnknownProvision, WrongMessage
from portal.cases.answers import drafts
from portal.cases.enums import HandoverGround, Secrecy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed, Status
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case, Message
from portal.cases.ownership import queries as ownership
from portal.cases.ownership.placements import place_case
from portal.cases.queue import conditions, listing
from portal.cases.queue.filters import Filters, View
from portal.cases.search import queries as search
from portal.cases.search import similar
from portal.cases.transitions import NeedsConfirmation
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Actor, Role, Staff, System
from portal.notifications.rendering import may_email_answer
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import brought_to, first_message, state, told
from tests.factories import records_officer
from tests.installation import BURLOV, Installation

TODAY = date(2026, 11, 28)
BY_TOPIC = 'secrecy_default = true\nsecrecy_provision = "socialtjanst"\n'
WHY = "Det finns inga sådana uppgifter i ärendet."


def registrar(name: str = "eva") -> Staff:
    return factories.member(name, Role.REGISTRAR, None)


def head(name: str = "samir", unit: str = "park") -> Staff:
    return factories.member(name, Role.HEAD_OF_UNIT, unit)


def mark(actor: Staff, receipt: Receipt, provision: str = "halsa", **more: object) -> None:
    factories.act(secrecy.mark_secrecy, actor, receipt, provision, **more)


def mark_first(actor: Staff, receipt: Receipt, provision: str = "halsa", **more: object) -> None:
    factories.act(secrecy.mark_message, actor, receipt, first_message(receipt), provision, **more)


def reaches(actor: Actor, receipt: Receipt) -> bool:
    db.close_read_session()
    return queries.case_by_id(actor, receipt.case) is not None


def bodies(actor: Actor, receipt: Receipt) -> list[str]:
    case = factories.case(receipt)
    return [message.body for message in queries.messages(actor, case)]


def listed(actor: Staff, words: str) -> tuple[list[int], dict[int, str]]:
    """What a search finds: the rows, and the snippets."""
    db.close_read_session()
    filters, at = Filters(View.NEWEST, words=words), conditions.days()
    rows = listing.list_cases(actor, filters, at).rows
    every = db.session().query(Case).all()
    cuts = {
        case: "".join(part for part, _hit in cut.parts)
        for case, cut in search.excerpts(actor, [case.id for case in every], words).items()
    }
    return [case.id for case in rows], cuts


# ---- The case


def test_a_mark_names_provision_day_and_authority_and_the_trail_the_person(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    with clock.at(clock.end_of_day(TODAY)):
        mark(anna, receipt)
    case = factories.case(receipt)
    assert (case.secrecy, case.secrecy_provision) == (Secrecy.MARKED, "OSL 21:1")
    assert case.secrecy_board_id == case.responsible_board_id
    entry = factories.entries(receipt)[-1]
    assert (entry.event, entry.actor_id) == ("SecrecyMarked", anna.membership)
    assert entry.details == {"provision": "OSL 21:1", "board": case.responsible_board_id}


def test_a_mark_narrows_who_reaches_the_case_at_once(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(), factories.member(), registrar()
    own, other = records_officer("park", "samir"), records_officer("aldre", "samir")
    assert [reaches(each, receipt) for each in (anna, eva, own, other)] == [True, True, True, False]
    mark(anna, receipt)
    assert [reaches(each, receipt) for each in (anna, eva, own, other)] == [True, False, True, False]
    assert reaches(factories.sender(receipt), receipt)


def test_nothing_of_a_marked_case_is_listed_counted_or_found_by_words(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(body="Giraffen är borta."), factories.member(), registrar()
    factories.act(measures.propose, anna, receipt, "Sätt upp en skylt.")
    at = conditions.days()
    assert listed(eva, "giraff") == ([receipt.case], {receipt.case: "Giraffen är borta."})
    mark(anna, receipt)
    assert listed(eva, "giraff") == ([], {})
    assert listing.list_cases(eva, Filters(View.OPEN), at).rows == []
    assert measure_queries.of_all(eva, measure_queries.MeasureFilter()).rows == []
    assert dossier_for(eva, receipt.year, receipt.number) is None
    assert listed(anna, "giraff")[0] == [receipt.case]


def test_a_marked_case_is_neither_similar_nor_of_the_same_sender(inside: Flask) -> None:
    maria, anna, eva = factories.citizen(), factories.member(), registrar()
    texts = {"subject": "Giraffen trasig", "body": "Lekplatsens giraff trasig."}
    with db.transaction():
        first, second = (
            factories.submit(factories.new_case(reply_by="portal", **texts), maria) for _ in range(2)
        )
    case = factories.case(second)
    assert [each.id for each in similar.similar_cases(eva, case)] == [first.case]
    assert [each.id for each in similar.same_sender(eva, case)] == [first.case]
    mark(anna, first)
    case = factories.case(second)
    assert [*similar.similar_cases(eva, case), *similar.same_sender(eva, case)] == []
    assert [each.id for each in similar.similar_cases(anna, case)] == [first.case]


def test_who_no_longer_reaches_the_case_has_it_no_longer_and_no_draft_of_it(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(), factories.member(), registrar()
    factories.act(handling.take, eva, receipt)
    factories.act(drafts.save_draft, eva, receipt, "Vi beklagar att ...")
    read_log.log_display(eva, [factories.case(receipt)], Read.CASE)
    assert [row.name for row in recent_colleagues(anna, factories.case(receipt))] == ["Eva"]
    assert len(drafts.list_drafts(eva)) == 1
    mark(anna, receipt)
    assert factories.case(receipt).officer_id is None
    assert drafts.list_drafts(eva) == []
    assert recent_colleagues(anna, factories.case(receipt)) == []


def test_who_would_lose_the_case_is_asked_first(inside: Flask) -> None:
    receipt, eva = factories.send_in(), registrar()
    before = state(receipt)
    with pytest.raises(NeedsConfirmation):
        mark(eva, receipt)
    assert (state(receipt), factories.case(receipt).secrecy) == (before, None)
    mark(eva, receipt, confirmed=True)
    assert not reaches(eva, receipt)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD_OF_UNIT])
def test_who_keeps_the_case_is_not_asked(inside: Flask, role: Role) -> None:
    receipt = factories.send_in()
    mark(factories.member(role=role), receipt)
    assert factories.case(receipt).secrecy is Secrecy.MARKED


def test_a_provision_that_is_not_in_the_list_changes_nothing(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    before = state(receipt)
    for provision in ("OSL 21:1", "", "nonsens"):
        with pytest.raises(UnknownProvision):
            mark(anna, receipt, provision)
        with pytest.raises(UnknownProvision):
            mark_first(anna, receipt, provision)
    assert state(receipt) == before


def test_another_provision_replaces_that_of_the_topic_and_the_secrecy_stays_the_topics(inside: Flask) -> None:
    receipt, anna = factories.send_in(category="aldre"), factories.member(unit="aldre")
    assert factories.case(receipt).secrecy_provision == "OSL 26:1"
    mark(anna, receipt)
    case = factories.case(receipt)
    assert (case.secrecy, case.secrecy_provision) == (Secrecy.TOPIC, "OSL 21:1")


def test_a_public_subject_can_be_written_with_the_mark(inside: Flask) -> None:
    receipt, anna = factories.send_in(subject="Kalle Anka slog mig"), factories.member()
    mark(anna, receipt, public_subject="Klagomål på en park")
    case = factories.case(receipt)
    assert (case.public_subject, case.internal_subject) == ("Klagomål på en park", "Kalle Anka slog mig")


def test_no_answer_by_email_has_the_text_of_a_marked_case(inside: Flask) -> None:
    receipt, anna = factories.send_in(email="maja@exempel.se"), factories.member()
    assert may_email_answer(factories.case(receipt))
    mark(anna, receipt)
    assert not may_email_answer(factories.case(receipt))


def test_a_topic_that_gets_or_loses_its_secrecy_changes_no_case(own: Installation) -> None:
    plain, secret, eva = factories.send_in(), factories.send_in(category="aldre"), registrar()
    profile = BURLOV.replace(BY_TOPIC, "")
    own.becomes(profile.replace('key = "parker"\n', f'key = "parker"\nanswer_by_email = false\n{BY_TOPIC}'))
    assert [reaches(eva, receipt) for receipt in (plain, secret)] == [True, False]
    rows = listing.list_cases(eva, Filters(View.OPEN), conditions.days()).rows
    assert [row.id for row in rows] == [plain.case]
    assert not queries.case_scope(factories.case(plain)).secret
    assert queries.case_scope(factories.case(secret)).secret
    later = [factories.send_in(), factories.send_in(category="aldre")]
    assert [reaches(eva, receipt) for receipt in later] == [False, True]


def test_a_part_of_a_marked_case_is_marked_and_so_is_its_message(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    mark_first(anna, receipt)
    mark(anna, receipt, "adress")
    with db.transaction():
        case = queries.case_by_id(anna, receipt.case)
        assert case
        part = relations.split(anna, case, "Skylten").id
    db.close_read_session()
    row = queries.case_by_id(System(), part)
    assert row
    assert (row.secrecy, row.secrecy_provision) == (Secrecy.MARKED, "OSL 21:3")
    assert [message.secrecy_provision for message in row.messages] == ["OSL 21:1"]


# ---- A message


def test_a_marked_message_is_read_by_the_unit_the_records_officer_and_the_sender_alone(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(body="Hemligt."), factories.member(), registrar()
    factories.act(handling.note, anna, receipt, "Öppet.")
    officer = records_officer("park", "samir")
    mark_first(anna, receipt)
    assert bodies(anna, receipt) == bodies(officer, receipt) == ["Hemligt.", "Öppet."]
    assert bodies(eva, receipt) == ["Öppet."]
    assert bodies(factories.sender(receipt), receipt) == ["Hemligt."]
    assert reaches(eva, receipt)
    entry = factories.entries(receipt)[-1]
    assert entry.details == {
        "message": first_message(receipt),
        "provision": "OSL 21:1",
        "board": factories.case(receipt).responsible_board_id,
    }


def test_the_words_of_a_marked_message_lead_nobody_to_it(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(body="Giraffen är borta."), factories.member(), registrar()
    other = factories.send_in(subject="Giraffen", body="Giraffen giraffen trasig borta.")
    mark_first(anna, receipt)
    assert listed(eva, "giraff")[0] == [other.case]
    assert receipt.case not in listed(eva, "giraff")[1]
    assert listed(eva, "lekplats") == ([receipt.case], {receipt.case: "Lekplatsen är stängd"})
    assert {*listed(anna, "giraff")[0]} == {other.case, receipt.case}
    assert listed(anna, "giraff")[1][receipt.case] == "Giraffen är borta."


def test_the_words_of_a_marked_message_make_no_case_similar(inside: Flask) -> None:
    anna, eva = factories.member(), registrar()
    first = factories.send_in(subject="Giraffen", body="Giraffen krokodilen trasig.")
    second = factories.send_in(subject="Giraff", body="Giraffen krokodilen borta.")
    assert [each.id for each in similar.similar_cases(eva, factories.case(second))] == [first.case]
    mark_first(anna, first)
    # Neither by the other's words nor by its own.
    assert similar.similar_cases(eva, factories.case(second)) == []
    assert similar.similar_cases(eva, factories.case(first)) == []
    assert [each.id for each in similar.similar_cases(anna, factories.case(second))] == [first.case]


def test_who_would_lose_the_message_is_asked_first_and_keeps_the_case(inside: Flask) -> None:
    receipt, eva = factories.send_in(), registrar()
    with pytest.raises(NeedsConfirmation):
        mark_first(eva, receipt)
    assert len(bodies(eva, receipt)) == 1
    for _click in range(2):
        mark_first(eva, receipt, confirmed=True)
    assert (bodies(eva, receipt), reaches(eva, receipt)) == ([], True)
    assert told(receipt) == ["CaseReceived", "MessageMarked"]


def test_a_unit_that_marks_what_its_own_branch_has_kept_is_not_asked(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        case.responsible_branch = "vagar"
        first = writer.query(Message).filter_by(case_id=case.id).one()
        first.kept_by_board_id, first.kept_by_branch = case.responsible_board_id, "vagar"
    mark_first(anna, receipt)
    assert told(receipt)[-1] == "MessageMarked"


def test_a_message_of_another_case_or_one_that_is_hidden_is_not_marked_or_lifted(inside: Flask) -> None:
    receipt, other, anna, eva = factories.send_in(), factories.send_in(), factories.member(), registrar()
    mark_first(anna, other)
    with pytest.raises(WrongMessage):
        factories.act(secrecy.mark_message, anna, receipt, first_message(other), "adress")
    with pytest.raises(WrongMessage):
        factories.act(secrecy.mark_message, eva, other, first_message(other), "adress")
    with pytest.raises(WrongMessage):
        factories.act(secrecy.lift_message, head(), receipt, first_message(other), WHY)
    with pytest.raises(WrongMessage):
        factories.act(secrecy.mark_message, anna, receipt, None, "adress")


# ---- Lifting


def test_the_head_of_the_unit_lifts_with_a_reason_that_becomes_a_note(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(), factories.member(), registrar()
    mark(anna, receipt)
    for _click in range(2):
        factories.act(secrecy.lift_secrecy, head(), receipt, WHY)
    case = factories.case(receipt)
    mark_columns = case.secrecy, case.secrecy_provision, case.secrecy_marked_on, case.secrecy_board_id
    assert mark_columns == (None, None, None, None)
    assert bodies(eva, receipt)[-1] == WHY
    assert told(receipt)[-1] == "SecrecyLifted"


def test_nobody_else_lifts(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    mark(anna, receipt)
    mark_first(anna, receipt)
    before = state(receipt)
    for actor in (anna, factories.member("eva", unit="park")):
        with pytest.raises(NotAllowed):
            factories.act(secrecy.lift_secrecy, actor, receipt, WHY)
        with pytest.raises(NotAllowed):
            factories.act(secrecy.lift_message, actor, receipt, first_message(receipt), WHY)
    assert state(receipt) == before


def test_the_records_officer_of_the_board_lifts_a_message(inside: Flask) -> None:
    receipt, anna, eva = factories.send_in(body="Texten."), factories.member(), registrar()
    mark_first(anna, receipt)
    officer = records_officer("park", "samir")
    for _click in range(2):
        factories.act(secrecy.lift_message, officer, receipt, first_message(receipt), WHY)
    assert bodies(eva, receipt) == ["Texten.", WHY]
    assert told(receipt)[-1] == "MessageSecrecyLifted"


def test_it_takes_two_people_to_lift_what_the_topic_gave(inside: Flask) -> None:
    receipt = factories.send_in(category="aldre")
    boss, officer = head(unit="aldre"), records_officer("aldre", "eva")
    with pytest.raises(NotAllowed):
        factories.act(secrecy.lift_secrecy, boss, receipt, WHY)
    for _click in range(2):
        factories.act(secrecy.request_lift, boss, receipt, WHY)
    assert factories.case(receipt).secrecy is Secrecy.TOPIC
    before = state(receipt)
    with pytest.raises(SamePerson):
        factories.act(secrecy.lift_secrecy, boss, receipt, WHY)
    # The same person under another membership is no second one.
    twice = records_officer("aldre", "samir")
    with pytest.raises(SamePerson):
        factories.act(secrecy.lift_secrecy, twice, receipt, WHY)
    assert state(receipt) == before
    factories.act(secrecy.lift_secrecy, officer, receipt, "Instämmer.")
    case = factories.case(receipt)
    assert (case.secrecy, case.secrecy_lift_by_id) == (None, None)
    assert told(receipt)[1:] == ["SecrecyLiftRequested", "SecrecyLifted"]


def test_what_was_lifted_stays_lifted_when_the_case_is_opened_again(inside: Flask) -> None:
    receipt = factories.send_in(category="aldre")
    factories.act(secrecy.request_lift, head(unit="aldre"), receipt, WHY)
    factories.act(secrecy.lift_secrecy, records_officer("aldre", "eva"), receipt, "Instämmer.")
    factories.act(sender.withdraw, factories.sender(receipt), receipt)
    factories.act(sender.reply, factories.sender(receipt), receipt, "Jag ångrar mig.")
    assert factories.case(receipt).secrecy is None


@pytest.fixture
def lifted(own: Installation) -> Receipt:
    """A case whose topic gave it secrecy, which two people have lifted with a reason."""
    own.becomes(BURLOV.replace('key = "parker"\n', f'key = "parker"\nanswer_by_email = false\n{BY_TOPIC}'))
    receipt = factories.send_in()
    assert factories.case(receipt).secrecy is Secrecy.TOPIC
    factories.act(secrecy.request_lift, head(), receipt, WHY)
    factories.act(secrecy.lift_secrecy, records_officer("park", "eva"), receipt, "Instämmer.")
    return receipt


def test_what_was_lifted_stays_lifted_when_the_case_is_placed(lifted: Receipt) -> None:
    with db.transaction():
        for member in people.members():
            identity.end_membership(member.id)
    officer, samir = records_officer("park", "eva"), factories.member("samir", unit="gata")
    unit = organisation.unit("gata")
    assert unit
    with db.transaction():
        case = ownership.placeable_case(officer, lifted.year, lifted.number)
        assert case
        place_case(officer, case, unit)
    case = factories.case(lifted)
    assert (case.handling_unit.key, case.category and case.category.key) == ("gata", "parker")
    assert (case.secrecy, case.secrecy_provision) == (None, None)
    assert reaches(samir, lifted)
    assert reaches(registrar(), lifted)


def test_what_was_lifted_stays_lifted_when_its_authority_hands_the_case_to_another_unit(
    lifted: Receipt,
) -> None:
    factories.act(routing.hand_over, head(), lifted, organisation.unit("gata"))
    case = factories.case(lifted)
    assert (case.secrecy, case.category and case.category.key) == (None, "parker")


def test_the_topic_gives_its_secrecy_again_to_another_authority(lifted: Receipt) -> None:
    eva, no_secrecy = registrar(), HandoverGround.NO_SECRECY
    factories.act(routing.hand_over, eva, lifted, organisation.unit("grundskola"), no_secrecy)
    assert factories.case(lifted).secrecy is None
    factories.act(routing.hand_over, eva, lifted, organisation.category("parker"), no_secrecy)
    assert factories.case(lifted).secrecy is Secrecy.TOPIC


def test_a_new_mark_ends_the_request_to_lift(inside: Flask) -> None:
    receipt = factories.send_in(category="aldre")
    factories.act(secrecy.request_lift, head(unit="aldre"), receipt, WHY)
    mark(factories.member(unit="aldre"), receipt, "socialtjanst")
    assert factories.case(receipt).secrecy_lift_by_id is None
    with pytest.raises(NotAllowed):
        factories.act(secrecy.lift_secrecy, records_officer("aldre", "eva"), receipt, WHY)


def test_a_marked_case_of_a_topic_with_secrecy_takes_two(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    mark(anna, receipt)
    with db.transaction():
        case = queries.case_by_id(System(), receipt.case)
        topic = organisation.category("aldre")
        assert case
        case.category = topic
    with pytest.raises(NotAllowed):
        factories.act(secrecy.lift_secrecy, head(), receipt, WHY)


# ---- Subjects and the sender


def rename(actor: Staff, receipt: Receipt, public: str, internal: str) -> None:
    """The subjects of an open case are corrected, and nothing else."""
    now = subjects.classification_of(factories.case(receipt))
    to = replace(now, public_subject=public, internal_subject=internal)
    factories.act(subjects.reclassify, actor, receipt, to)


def test_both_subjects_of_a_closed_case_are_corrected_apart_and_found_by_their_words(inside: Flask) -> None:
    receipt, anna = brought_to(Status.CLOSED), factories.member()
    before = len(told(receipt))
    for _click in range(2):
        factories.act(subjects.correct_subject, anna, receipt, "Klagomål på en park", "Giraffen")
    case = factories.case(receipt)
    assert (case.public_subject, case.internal_subject) == ("Klagomål på en park", "Giraffen")
    assert listed(anna, "giraff")[0] == listed(anna, "klagomål park")[0] == [receipt.case]
    assert listed(anna, "stängd")[0] == []
    entry = factories.entries(receipt)[-1]
    assert (entry.event, entry.details) == ("SubjectCorrected", {"public": True, "internal": True})
    assert len(told(receipt)) == before + 1
    assert case.status is Status.CLOSED


def test_both_subjects_of_an_open_case_are_corrected_apart_with_all_that_it_is_registered_as(
    inside: Flask,
) -> None:
    receipt, anna = factories.send_in(), factories.member()
    with pytest.raises(NotAllowed):
        factories.act(subjects.correct_subject, anna, receipt, "Klagomål", "Giraffen")
    rename(anna, receipt, "Klagomål på en park", "Giraffen")
    case = factories.case(receipt)
    assert (case.public_subject, case.internal_subject) == ("Klagomål på en park", "Giraffen")
    assert listed(anna, "giraff")[0] == listed(anna, "klagomål park")[0] == [receipt.case]
    assert told(receipt) == ["CaseReceived", "CaseReclassified"]


def test_a_form_that_is_sent_again_is_the_same_though_a_subject_was_corrected(inside: Flask) -> None:
    new = factories.new_case()
    with db.transaction():
        receipt = factories.submit(new)
    rename(factories.member(), receipt, "Klagomål", new.subject)
    with db.transaction():
        again = factories.submit(new)
    assert (again.case, again.same) == (receipt.case, True)


def test_a_hidden_sender_is_named_in_no_list_and_found_by_no_word(inside: Flask) -> None:
    receipt = factories.send_in(email="maja@exempel.se", name="Maja Ek", body="Hälsar Maja Ek")
    anna = factories.member()
    for _click in range(2):
        factories.act(subjects.hide_sender, anna, receipt)
    case = factories.case(receipt)
    assert parties.sender(case) == parties.Sender(hidden=True)
    assert listed(anna, "exempel.se") == ([], {})
    # What she wrote is found, and not quoted.
    assert listed(anna, "maja") == ([receipt.case], {})
    for _click in range(2):
        factories.act(subjects.show_sender, anna, receipt)
    assert parties.sender(factories.case(receipt)).name == "Maja Ek"
    assert listed(anna, "exempel.se")[0] == [receipt.case]
    assert told(receipt)[1:] == ["SenderHidden", "SenderShown"]


def test_there_is_nothing_to_hide_of_an_anonymous_sender(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    with pytest.raises(NotAllowed):
        factories.act(subjects.hide_sender, anna, receipt)


def test_a_records_officer_marks_and_corrects_and_answers_nothing(inside: Flask) -> None:
    receipt, officer = factories.send_in(), records_officer("park", "samir")
    mark(officer, receipt)
    rename(officer, receipt, "Klagomål", "Klagomål på Lekplatsen")
    with pytest.raises(NotAllowed):
        factories.act(handling.answer, officer, receipt, "Svar.")
    factories.act(secrecy.lift_secrecy, officer, receipt, WHY)
    assert told(receipt)[1:] == ["SecrecyMarked", "CaseReclassified", "SecrecyLifted"]
