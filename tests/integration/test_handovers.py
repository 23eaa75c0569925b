"""Handover between authorities: what goes along, what stays, who is notified, what the former board keeps."""

from typing import Any

import pytest
from flask import Flask

from portal import clock, db
from portal.audit.transferred import TransferredCase, transferred_case
from portal.cases import queries
from portal.cases.actions import handling, routing, secrecy
from portal.cases.actions import sender as sender_actions
from portal.cases.authority import handovers
from portal.cases.authority.handovers import WrongGround
from portal.cases.authority.models import CaseHandover
from portal.cases.authority.rules import GroundProblem
from portal.cases.enums import HandoverGround, Secrecy
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
from portal.cases.measures.actions import WrongMeasure
from portal.cases.measures.queries import MeasureFilter
from portal.cases.models import Message
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import MONDAY, told
from tests.factories import records_officer
from tests.installation import BURLOV, Installation, without_the_unit
from tests.plain_text import plain

FIRST, NOTE, ANSWER = "Ingen skylt säger varför.", "Bara för oss.", "Vi ser över det."
MOVED = BURLOV.replace(
    'key = "park"\nname = "Parkenheten"\nboard = "tekniska"',
    'key = "park"\nname = "Parkenheten"\nboard = "bygg"',
)


def registrar() -> Staff:
    return factories.member("eva", Role.REGISTRAR, None)


def hand_over(receipt: Receipt, unit: str, by: Staff | None = None, **more: Any) -> None:
    chosen = {"ground": HandoverGround.NO_SECRECY} | more
    factories.act(routing.hand_over, by or registrar(), receipt, organisation.unit(unit), **chosen)


def texts(actor: Any, receipt: Receipt) -> list[str]:
    """What an actor reads in the case."""
    return [message.body for message in queries.messages(actor, factories.case(receipt))]


def left(actor: Staff, receipt: Receipt) -> TransferredCase:
    """What the board of a records officer has left of a case."""
    db.close_read_session()
    found = transferred_case(actor, receipt.year, receipt.number)
    assert found, "the board has nothing left of the case"
    return found


def is_left(actor: Staff, receipt: Receipt) -> bool:
    db.close_read_session()
    return transferred_case(actor, receipt.year, receipt.number) is not None


def mark(receipt: Receipt, body: str) -> None:
    """A message has a secrecy mark."""
    with db.transaction() as writer:
        for message in writer.query(Message).filter_by(case_id=receipt.case):
            if message.body == body:
                message.secrecy_provision = "OSL 21:1"
                message.secrecy_marked_on = clock.today()


@pytest.fixture
def known(inside: Flask) -> Receipt:
    """A case with an answer and a note."""
    receipt, anna = factories.send_in(email="maja@exempel.se", name="Maja Ek"), factories.member()
    factories.act(handling.note, anna, receipt, NOTE)
    factories.act(handling.message_sender, anna, receipt, ANSWER)
    return receipt


# ---- What goes along


def test_notes_stay_and_the_note_for_the_receivers_goes_along(known: Receipt) -> None:
    hand_over(known, "grundskola", factories.member(), note="Ni känner skolan.")
    school = factories.member("eva", unit="grundskola")
    assert texts(school, known) == [FIRST, ANSWER, "Ni känner skolan."]


@pytest.mark.parametrize("ground", [ground for ground in HandoverGround if ground.value != "reorganised"])
def test_a_marked_message_goes_along_only_with_consent_or_a_provision(
    known: Receipt, ground: HandoverGround
) -> None:
    mark(known, ANSWER)
    provision = "uppgiftsskyldighet" if ground is HandoverGround.PROVISION else None
    hand_over(known, "grundskola", ground=ground, provision=provision)
    school = factories.member("samir", unit="grundskola")
    goes = [] if ground is HandoverGround.NO_SECRECY else [ANSWER]
    assert texts(school, known) == [FIRST, *goes]


def test_the_sender_reads_on_what_stays_with_the_former_board(known: Receipt) -> None:
    mark(known, ANSWER)
    hand_over(known, "grundskola")
    assert texts(factories.sender(known), known) == [FIRST, ANSWER]


def test_a_case_that_comes_back_has_its_notes_again(known: Receipt) -> None:
    hand_over(known, "grundskola")
    factories.act(handling.note, factories.member("eva", unit="grundskola"), known, "Skolans egen.")
    hand_over(known, "park")
    assert texts(factories.member(), known) == [FIRST, NOTE, ANSWER]


@pytest.mark.parametrize("reason", ["no_ground", "already", "closed"])
def test_a_refused_handover_leaves_no_row(known: Receipt, reason: str) -> None:
    before = factories.case(known).version
    if reason == "closed":
        factories.act(handling.answer, factories.member(), known, "Klart.", close=True)
        before = factories.case(known).version
    goes: dict[str, Any] = {
        "no_ground": {"unit": "grundskola", "ground": None, "note": "Ni tar det."},
        "already": {"unit": "park", "note": "Ni tar det.", "version": before},
        "closed": {"unit": "grundskola", "note": "Ni tar det."},
    }[reason]
    with pytest.raises((WrongGround, routing.AlreadyThere, NotAllowed)):
        hand_over(known, **goes)
    assert factories.case(known).version == before
    assert db.session().query(CaseHandover).count() == 0
    assert "Ni tar det." not in texts(registrar(), known)


def test_a_provision_of_social_services_on_one_message_shuts_the_general_clause_out(known: Receipt) -> None:
    with db.transaction() as writer:
        writer.query(Message).filter_by(body=ANSWER).one().secrecy_provision = "OSL 26:1"
    with pytest.raises(WrongGround) as refusal:
        hand_over(known, "grundskola", ground=HandoverGround.PROVISION, provision="generalklausulen")
    assert refusal.value.problem is GroundProblem.UNKNOWN


def test_a_lift_that_the_former_authority_asked_for_does_not_go_along(inside: Flask) -> None:
    receipt = factories.send_in(category="aldre")
    asking = factories.member("samir", Role.HEAD_OF_UNIT, "aldre")
    factories.act(secrecy.request_lift, asking, receipt, "Inget av det är känsligt.")
    by = factories.member("anna", unit="aldre")
    hand_over(receipt, "grundskola", by, ground=HandoverGround.CONSENT)
    assert factories.case(receipt).secrecy is Secrecy.TOPIC
    with pytest.raises(NotAllowed):
        factories.act(secrecy.lift_secrecy, records_officer("grundskola", "eva"), receipt, "Instämmer.")


# ---- What is recorded


def test_the_handover_is_recorded_as_it_was(known: Receipt) -> None:
    mark(known, ANSWER)
    hand_over(known, "grundskola", note="Ni tar det.")
    entry = factories.entries(known)[-1]
    row = db.session().query(CaseHandover).one()
    assert (row.from_board.key, row.to_board.key) == ("tekniska", "utbildning")
    assert (row.from_unit.key, row.to_unit.key) == ("park", "grundskola")
    assert (row.ground, row.provision, row.status) == (HandoverGround.NO_SECRECY, None, Status.RECEIVED)
    assert (row.category.key if row.category else None, row.internal_subject) == (
        "parker",
        "Lekplatsen är stängd",
    )
    assert (entry.event, entry.sequence) == ("CaseHandedToAuthority", row.last_sequence + 1)
    assert {
        "board": row.to_board_id,
        "ground": "no_secrecy",
        "handover": row.id,
    }.items() <= entry.details.items()
    bodies = {message.id: message.body for message in db.session().query(Message)}
    assert bodies[row.last_message_id] == ANSWER
    assert [bodies[number] for number in row.messages_held] == [FIRST, NOTE, ANSWER, "Ni tar det."]


def test_a_provision_is_kept_as_the_profile_writes_it(known: Receipt) -> None:
    hand_over(known, "grundskola", ground=HandoverGround.PROVISION, provision="uppgiftsskyldighet")
    assert db.session().query(CaseHandover).one().provision == "OSL 10:28"


def test_within_an_authority_nothing_is_recorded_and_nobody_is_written_to(known: Receipt) -> None:
    before = len(factories.letters())
    hand_over(known, "gata", ground=None)
    assert db.session().query(CaseHandover).count() == 0
    assert len(factories.letters()) == before


# ---- Whom the sender is answered by


def test_the_sender_is_told_who_answers_and_that_the_promise_holds(inside: Flask) -> None:
    with clock.at(MONDAY):
        receipt = factories.send_in(email="maja@exempel.se")
        hand_over(receipt, "grundskola")
    letter = factories.letters()[-1]
    assert (letter.name, letter.recipient) == ("handed_over", "maja@exempel.se")
    assert letter.subject == f"Utbildnings- och kulturnämnden svarar nu, {factories.number(receipt)}"
    assert "Utbildnings- och kulturnämnden svarar nu på ditt klagomål." in letter.text
    assert "Löftet gäller: du får svar senast måndag 16 mars." in letter.text
    for text in (letter.text, letter.html or ""):
        assert plain(text).count("måndag 16 mars") == 1
    assert "Utbildnings- och kulturnämnden" in (letter.html or "")


def test_a_letter_names_the_board_that_answers_and_not_that_of_who_handles(own: Installation) -> None:
    by_agreement = 'handling_unit = "medborgarservice"\nagreement = true'
    own.becomes(BURLOV.replace('handling_unit = "grundskola"', by_agreement))
    receipt = factories.send_in(email="maja@exempel.se")
    school = organisation.category("skola")
    factories.act(routing.hand_over, registrar(), receipt, school, ground=HandoverGround.NO_SECRECY)
    assert factories.case(receipt).handling_unit.board.key == "ks"
    letter = factories.letters()[-1]
    assert "Utbildnings- och kulturnämnden svarar nu på ditt klagomål." in letter.text
    assert "Kommunstyrelsen" not in f"{letter.subject}{letter.text}{letter.html}"


def test_a_message_about_a_case_with_secrecy_names_no_board(inside: Flask) -> None:
    receipt = factories.send_in(email="maja@exempel.se")
    social = organisation.category("aldre")
    factories.act(routing.hand_over, registrar(), receipt, social, ground=HandoverGround.NO_SECRECY)
    letter = factories.letters()[-1]
    assert letter.name == "handed_over"
    assert "En annan nämnd" in (letter.subject or "")
    assert "Socialnämnden" not in f"{letter.subject}{letter.text}{letter.html}"


def test_no_message_about_a_case_with_secrecy_names_who_has_it(inside: Flask) -> None:
    receipt = factories.send_in(email="maja@exempel.se", category="aldre")
    care = factories.member("eva", unit="aldre")
    for command, arguments in ((handling.take, ()), (handling.answer, ("Vi beklagar.",))):
        factories.act(command, care, receipt, *arguments)
        letter = factories.letters()[-1]
        for text in (letter.subject or "", letter.text, letter.html or ""):
            assert not [name for name in ("Eva", "Enheten för äldre", "Socialnämnden") if name in text]


# ---- What the former board has left


def test_the_records_officer_has_what_was_there_and_nothing_after(known: Receipt) -> None:
    officer = records_officer("park", "samir")
    mark(known, ANSWER)
    hand_over(known, "grundskola", note="Ni tar det.")
    school = factories.member("eva", unit="grundskola")
    factories.act(handling.take, school, known)
    factories.act(handling.answer, school, known, "Skolans svar.")
    factories.act(sender_actions.reply, factories.sender(known), known, "Ett efterord.")
    shown = left(officer, known)
    assert [message.body for message in shown.messages] == [FIRST, NOTE, ANSWER, "Ni tar det."]
    assert [entry.event for entry in shown.trail] == ["CaseReceived", "NoteAdded", "SenderContacted"]
    assert (shown.handover.status, shown.handover.sender_name) == (Status.RECEIVED, "Maja Ek")
    assert queries.case_by_id(officer, known.case) is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RECORDS_OFFICER])
def test_nobody_else_of_the_former_board_has_anything_left(known: Receipt, role: Role) -> None:
    hand_over(known, "grundskola")
    board = organisation.board("tekniska")
    assert board
    with db.transaction():
        scope = identity.MembershipScope(board=board.id)
        other = people.as_staff(identity.add_member("Samir", factories.NUMBERS["samir"], role, scope))
    assert not is_left(other, known)


def test_nobody_of_the_former_board_reads_what_the_sender_writes_next(known: Receipt) -> None:
    board, administration = organisation.board("tekniska"), organisation.administration("samhallsbyggnad")
    unit = organisation.unit("park")
    assert board
    assert administration
    assert unit
    scopes = [
        (Role.OFFICER, identity.MembershipScope(unit=unit.id)),
        (Role.HEAD_OF_UNIT, identity.MembershipScope(board=board.id)),
        (Role.HEAD_OF_ADMINISTRATION, identity.MembershipScope(administration=administration.id)),
        (Role.RECORDS_OFFICER, identity.MembershipScope(board=board.id)),
    ]
    with db.transaction():
        number = factories.NUMBERS["samir"]
        former = [people.as_staff(identity.add_member("Samir", number, *scope)) for scope in scopes]
    assert all(texts(actor, known) for actor in former)
    hand_over(known, "grundskola")
    factories.act(sender_actions.reply, factories.sender(known), known, "Bara för skolan.")
    for actor in former:
        assert (texts(actor, known), queries.case_by_id(actor, known.case)) == ([], None)
    school = factories.member("eva", unit="grundskola")
    assert texts(school, known) == [FIRST, ANSWER, "Bara för skolan."]


def test_a_records_officer_of_a_third_board_has_nothing(known: Receipt) -> None:
    officer = records_officer("aldre", "samir")
    hand_over(known, "grundskola")
    assert not is_left(officer, known)
    assert not is_left(records_officer("grundskola", "samir"), known)


def test_a_records_officer_who_sent_the_case_does_not_read_it_as_the_board(known: Receipt) -> None:
    officer, eva = records_officer("park", "samir"), registrar()
    hand_over(known, "grundskola", eva)
    with db.transaction():
        found = queries.case_by_id(eva, known.case)
        assert found
        found.sender_person_id = officer.person
    assert not is_left(officer, known)


def test_a_board_that_has_the_case_again_reads_it_as_any_other(known: Receipt) -> None:
    officer = records_officer("park", "samir")
    hand_over(known, "grundskola")
    assert is_left(officer, known)
    hand_over(known, "park")
    assert not is_left(officer, known)
    assert queries.case_by_id(officer, known.case)


def test_each_board_on_the_way_has_what_it_had_and_no_more(known: Receipt) -> None:
    parks, schools = (
        records_officer("park", "samir"),
        records_officer("grundskola", "anna"),
    )
    hand_over(known, "grundskola")
    school = factories.member("eva", unit="grundskola")
    factories.act(handling.note, school, known, "Skolans egen.")
    hand_over(known, "bygg")
    builders = factories.member("eva", unit="bygg")
    factories.act(handling.note, builders, known, "Byggs egen.")
    assert [message.body for message in left(parks, known).messages] == [FIRST, NOTE, ANSWER]
    assert [message.body for message in left(schools, known).messages] == [FIRST, ANSWER, "Skolans egen."]
    hand_over(known, "grundskola", builders)
    assert texts(school, known) == [FIRST, ANSWER, "Skolans egen."]
    hand_over(known, "park", registrar())
    assert [message.body for message in left(schools, known).messages] == [FIRST, ANSWER, "Skolans egen."]
    assert texts(factories.member(), known) == [FIRST, NOTE, ANSWER]


def test_a_mark_that_a_later_board_makes_takes_nothing_from_an_earlier_one(known: Receipt) -> None:
    parks = records_officer("park", "samir")
    hand_over(known, "grundskola")
    mark(known, ANSWER)
    hand_over(known, "bygg", factories.member("eva", unit="grundskola"))
    assert [message.body for message in left(parks, known).messages] == [FIRST, NOTE, ANSWER]


# ---- Measures stay as notes do


def measured(actor: Staff, receipt: Receipt) -> list[str]:
    """The measures that an actor reads in the case."""
    return [measure.body for measure in measure_queries.of_case(actor, factories.case(receipt))]


def test_measures_stay_with_the_authority_that_wrote_them(known: Receipt) -> None:
    officer, anna = records_officer("park", "samir"), factories.member()
    factories.act(measures.propose, anna, known, "En skylt samma dag.")
    proposal = measure_queries.of_case(anna, factories.case(known))[0].id
    hand_over(known, "grundskola")
    school = factories.member("eva", unit="grundskola")
    factories.act(measures.note_measure, school, known, "Skolans egen.")
    assert measured(school, known) == ["Skolans egen."]
    assert [row.body for row in measure_queries.of_all(school, MeasureFilter()).rows] == ["Skolans egen."]
    with pytest.raises(WrongMeasure):
        factories.act(measures.decide, school, known, proposal)
    assert [measure.body for measure in left(officer, known).measures] == ["En skylt samma dag."]


def test_a_case_that_comes_back_has_its_measures_again(known: Receipt) -> None:
    anna = factories.member()
    factories.act(measures.note_measure, anna, known, "Skylten är uppe.")
    hand_over(known, "grundskola")
    factories.act(measures.note_measure, factories.member("eva", unit="grundskola"), known, "Skolans egen.")
    hand_over(known, "park")
    assert measured(anna, known) == ["Skylten är uppe."]


def test_measures_follow_their_unit_to_another_board(own: Installation) -> None:
    receipt, anna = factories.send_in(), factories.member()
    factories.act(measures.note_measure, anna, receipt, "Skylten är uppe.")
    own.becomes(MOVED)
    assert measured(anna, receipt) == ["Skylten är uppe."]


# ---- A unit moves to another board


def test_open_cases_follow_their_unit_and_closed_ones_stay(own: Installation) -> None:
    is_open, closed, anna = factories.send_in(), factories.send_in(), factories.member()
    factories.act(handling.note, anna, is_open, NOTE)
    factories.act(handling.answer, anna, closed, "Klart.", close=True)
    officer = records_officer("park", "samir")
    own.becomes(MOVED)
    assert factories.case(is_open).responsible_board.key == "bygg"
    assert factories.case(closed).responsible_board.key == "tekniska"
    row = db.session().query(CaseHandover).one()
    assert (row.case_id, row.ground) == (is_open.case, HandoverGround.REORGANISED)
    assert told(is_open)[-1] == "CaseFollowedUnit"
    assert texts(factories.member(), is_open) == [FIRST, NOTE]
    assert is_left(officer, is_open)


def test_a_closed_case_that_is_opened_again_belongs_where_its_unit_is_now(own: Installation) -> None:
    receipt = factories.send_in()
    factories.act(handling.answer, factories.member(), receipt, "Klart.", close=True)
    own.becomes(MOVED)
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Det är fel.")
    case = factories.case(receipt)
    assert (case.status, case.responsible_board.key) == (Status.IN_PROGRESS, "bygg")
    assert told(receipt)[-2:] == ["CaseReopened", "CaseFollowedUnit"]


def test_a_profile_that_moves_no_unit_moves_no_case(own: Installation) -> None:
    receipt = factories.send_in()
    before = factories.case(receipt).version
    own.becomes(without_the_unit("gata"))
    assert factories.case(receipt).version == before
    assert db.session().query(CaseHandover).count() == 0


def test_a_case_that_another_board_handles_by_agreement_follows_its_unit(own: Installation) -> None:
    agreed = BURLOV.replace(
        'responsible_unit = "park"\nhandling_unit = "park"',
        'responsible_unit = "park"\nhandling_unit = "medborgarservice"\nagreement = true',
    )
    own.becomes(agreed)
    receipt = factories.send_in()
    own.becomes(
        agreed.replace('name = "Medborgarservice"\nboard = "ks"', 'name = "Medborgarservice"\nboard = "bygg"')
    )
    case = factories.case(receipt)
    assert (case.responsible_board.key, case.handling_board_id) == (
        "tekniska",
        organisation.board("bygg").id,  # type: ignore[union-attr]
    )
    assert db.session().query(CaseHandover).count() == 0


def test_a_closed_case_cannot_be_handed_over(known: Receipt) -> None:
    factories.act(handling.answer, factories.member(), known, "Klart.", close=True)
    with pytest.raises(NotAllowed) as refusal:
        hand_over(known, "grundskola")
    assert refusal.value.action is Action.HAND_OVER
    assert handovers.transferred_case_for(records_officer("park", "samir"), known.year, known.number) is None
