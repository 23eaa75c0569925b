"""Where a case belongs: another unit or topic, across boards, out of secrecy; who loses it; a contact."""

import pytest
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.actions import handling, routing
from portal.cases.actions.routing import AlreadyThere
from portal.cases.authority.handovers import WrongGround
from portal.cases.authority.rules import GroundProblem
from portal.cases.enums import HandoverGround
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed, Status
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit
from tests import factories
from tests.cases import brought_to, colleague, membership_of, state, told
from tests.installation import BURLOV, Installation, without_the_unit

SHARED = BURLOV.replace(
    'handling_unit = "grundskola"', 'handling_unit = "medborgarservice"\nagreement = true'
).replace('handling_unit = "gata"', 'handling_unit = "medborgarservice"\nagreement = true')
OPEN_GROUND = {"ground": HandoverGround.NO_SECRECY}
CONSENT = {"ground": HandoverGround.CONSENT}


def unit(key: str) -> Unit:
    found = organisation.unit(key)
    assert found
    return found


def topic(key: str) -> Category:
    found = organisation.category(key)
    assert found
    return found


def registrar() -> Staff:
    return factories.member("eva", Role.REGISTRAR, None)


def hand_over(receipt: Receipt, to: Unit | Category, by: Staff | None = None, **more: object) -> None:
    factories.act(routing.hand_over, by or registrar(), receipt, to, **more)


def place(receipt: Receipt) -> tuple[str | None, str, str]:
    """Topic, unit that handles, unit that is responsible."""
    case = factories.case(receipt)
    return case.category.key if case.category else None, case.handling_unit.key, case.responsible_unit.key


def refused(receipt: Receipt, to: Unit | Category, **more: object) -> GroundProblem:
    """Why a handover was refused; nothing has changed."""
    before = state(receipt), place(receipt)
    with pytest.raises(WrongGround) as refusal:
        hand_over(receipt, to, **more)
    assert (state(receipt), place(receipt)) == before
    return refusal.value.problem


def test_a_case_goes_to_another_unit_of_its_board_with_responsibility_and_keeps_its_topic(
    inside: Flask,
) -> None:
    receipt = factories.send_in()
    hand_over(receipt, unit("gata"))
    assert place(receipt) == ("parker", "gata", "gata")
    entry = factories.entries(receipt)[-1]
    assert entry.event == "CaseHandedOver"
    assert entry.details == {"unit": unit("gata").id, "before": unit("park").id}


def test_a_case_goes_to_another_topic_with_its_units(inside: Flask) -> None:
    receipt = factories.send_in()
    hand_over(receipt, topic("gator"))
    assert place(receipt) == ("gator", "gata", "gata")


def test_a_case_without_topic_gets_one(inside: Flask) -> None:
    receipt = factories.send_in(category=None)
    hand_over(receipt, topic("bemotande"))
    assert place(receipt) == ("bemotande", "medborgarservice", "medborgarservice")


@pytest.mark.parametrize("to", ["unit", "topic"])
def test_a_case_leaves_its_board_only_on_a_ground(inside: Flask, to: str) -> None:
    receipt, target = factories.send_in(), unit("grundskola") if to == "unit" else topic("skola")
    assert refused(receipt, target) is GroundProblem.MISSING
    hand_over(receipt, target, **OPEN_GROUND)
    assert place(receipt) == (None if to == "unit" else "skola", "grundskola", "grundskola")


def test_nobody_of_the_old_board_names_or_reaches_the_case_afterwards(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    hand_over(receipt, unit("grundskola"), anna, **OPEN_GROUND)
    case = factories.case(receipt)
    school = unit("grundskola")
    assert (case.responsible_board_id, case.handling_board_id) == (school.board_id, school.board_id)
    assert case.responsible_administration_id == school.administration_id
    assert queries.case_by_id(anna, receipt.case) is None


def test_a_provision_that_the_profile_lacks_moves_nothing(inside: Flask) -> None:
    receipt = factories.send_in()
    ground = {"ground": HandoverGround.PROVISION, "provision": "annan"}
    assert refused(receipt, unit("grundskola"), **ground) is GroundProblem.UNKNOWN


def test_the_general_clause_moves_nothing_out_of_social_services(inside: Flask) -> None:
    receipt, officer = factories.send_in(category="aldre"), factories.member("anna", unit="aldre")
    ground = {"ground": HandoverGround.PROVISION, "provision": "generalklausulen"}
    assert refused(receipt, topic("skola"), by=officer, **ground) is GroundProblem.UNKNOWN
    hand_over(
        receipt, topic("skola"), officer, ground=HandoverGround.PROVISION, provision="uppgiftsskyldighet"
    )
    assert place(receipt) == ("skola", "grundskola", "grundskola")


def test_a_topic_of_another_board_is_another_authority_though_the_same_unit_does_the_work(
    own: Installation,
) -> None:
    own.becomes(SHARED)
    receipt = factories.send_in(category="gator")
    assert refused(receipt, topic("skola")) is GroundProblem.MISSING
    hand_over(receipt, topic("skola"), **OPEN_GROUND)
    assert place(receipt) == ("skola", "medborgarservice", "grundskola")


def test_by_agreement_another_board_handles_the_case_and_responsibility_stays(own: Installation) -> None:
    own.becomes(SHARED)
    receipt = factories.send_in(category="gator")
    hand_over(receipt, unit("gata"))
    assert place(receipt) == ("gator", "gata", "gata")
    hand_over(receipt, unit("medborgarservice"))
    assert place(receipt) == ("gator", "medborgarservice", "gata")
    case = factories.case(receipt)
    assert case.responsible_board.key == "tekniska"


def test_branches_of_one_board_are_authorities_to_each_other(own: Installation) -> None:
    own.becomes(BURLOV.replace('key = "gata"\n', 'key = "gata"\nbranch = "vagar"\n', 1))
    receipt = factories.send_in()
    factories.act(handling.note, registrar(), receipt, "Bara för parken.")
    assert refused(receipt, unit("gata")) is GroundProblem.MISSING
    hand_over(receipt, unit("gata"), **OPEN_GROUND)
    assert place(receipt) == (None, "gata", "gata")
    roads = factories.member("samir", unit="gata")
    texts = [message.body for message in queries.messages(roads, factories.case(receipt))]
    assert texts == ["Ingen skylt säger varför."]


@pytest.mark.parametrize("ground", [{}, OPEN_GROUND])
def test_a_case_with_secrecy_goes_only_with_consent_or_a_provision(
    inside: Flask, ground: dict[str, object]
) -> None:
    receipt, officer = factories.send_in(category="aldre"), factories.member("anna", unit="aldre")
    assert refused(receipt, topic("parker"), by=officer, **ground) is GroundProblem.UNDER_SECRECY
    hand_over(receipt, topic("parker"), officer, **CONSENT)
    assert queries.case_by_id(officer, receipt.case) is None


def test_a_case_with_secrecy_keeps_it_wherever_it_goes(inside: Flask) -> None:
    receipt, officer = factories.send_in(category="aldre"), factories.member("anna", unit="aldre")
    hand_over(receipt, unit("medborgarservice"), officer, **CONSENT)
    case = factories.case(receipt)
    assert queries.case_scope(case).secret
    assert (case.secrecy_provision, place(receipt)[0]) == ("OSL 26:1", None)
    assert queries.case_by_id(registrar(), receipt.case) is None


def test_a_case_gets_the_secrecy_of_the_topic_that_it_is_handed_to(inside: Flask) -> None:
    receipt = factories.send_in()
    hand_over(receipt, topic("aldre"), **OPEN_GROUND)
    case = factories.case(receipt)
    assert (case.secrecy_provision, case.responsible_board.key) == ("OSL 26:1", "social")
    assert queries.case_by_id(registrar(), receipt.case) is None


@pytest.mark.parametrize("to", ["unit", "topic"])
def test_a_case_that_is_there_already_says_so(inside: Flask, to: str) -> None:
    receipt, target = factories.send_in(), unit("park") if to == "unit" else topic("parker")
    before = state(receipt)
    with pytest.raises(AlreadyThere):
        hand_over(receipt, target, note="Ta hand om det.", version=factories.case(receipt).version)
    assert state(receipt) == before


def test_who_no_longer_reaches_the_case_has_it_no_longer(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    factories.act(handling.take, anna, receipt)
    factories.act(routing.name_contact, anna, receipt, colleague())
    hand_over(receipt, topic("gator"), anna)
    case = factories.case(receipt)
    assert (case.officer_id, case.contact_id, case.status) == (None, None, Status.IN_PROGRESS)
    assert queries.case_by_id(anna, receipt.case) is None


def test_who_still_reaches_the_case_within_the_authority_keeps_it(inside: Flask) -> None:
    receipt, eva = factories.send_in(), registrar()
    factories.act(handling.take, eva, receipt)
    factories.act(routing.name_contact, eva, receipt, membership_of(eva))
    hand_over(receipt, topic("gator"), eva)
    case = factories.case(receipt)
    assert (case.officer_id, case.contact_id) == (eva.membership, eva.membership)


def test_nobody_keeps_a_case_that_goes_to_another_authority(inside: Flask) -> None:
    receipt, eva = factories.send_in(), registrar()
    factories.act(handling.take, eva, receipt)
    factories.act(routing.name_contact, eva, receipt, membership_of(eva))
    hand_over(receipt, topic("skola"), eva, **OPEN_GROUND)
    case = factories.case(receipt)
    assert (case.officer_id, case.contact_id) == (None, None)


def test_a_second_click_hands_over_once(inside: Flask) -> None:
    receipt, version = factories.send_in(), 1
    hand_over(receipt, topic("gator"), version=version)
    before = state(receipt)
    hand_over(receipt, topic("gator"), version=version)
    assert state(receipt) == before


@pytest.mark.parametrize("key", ["unit", "topic"])
def test_nothing_is_handed_over_to_what_was_closed_meanwhile(own: Installation, key: str) -> None:
    receipt = factories.send_in()
    closed: Unit | Category = unit("gata") if key == "unit" else topic("gator")
    own.becomes(without_the_unit("gata"))
    with pytest.raises(NotAllowed):
        hand_over(receipt, closed)
    assert place(receipt) == ("parker", "park", "park")


def test_a_case_of_a_closed_unit_can_be_handed_on(own: Installation) -> None:
    receipt = factories.send_in()
    own.becomes(without_the_unit("park"))
    hand_over(receipt, topic("gator"))
    assert place(receipt) == ("gator", "gata", "gata")


# ---- Whom the sender may turn to


def test_the_sender_gets_a_named_contact_person(inside: Flask) -> None:
    receipt, anna = brought_to(Status.IN_PROGRESS), factories.member()
    factories.act(routing.name_contact, anna, receipt, colleague())
    case = factories.case(receipt)
    assert case.contact_id == colleague().id
    assert (case.officer_id, case.contacted_at) == (factories.member("eva").membership, None)
    assert factories.entries(receipt)[-1].details["officer"] == colleague().id


def test_a_second_click_names_once(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    for _click in range(2):
        factories.act(routing.name_contact, anna, receipt, colleague())
    assert told(receipt) == ["CaseReceived", "ContactNamed"]


@pytest.mark.parametrize(
    ("role", "where"),
    [(Role.OFFICER, "gata"), (Role.RECORDS_OFFICER, None), (Role.ANALYST, None), (Role.ADMINISTRATOR, None)],
)
def test_only_who_handles_and_sees_the_case_can_be_its_contact(
    inside: Flask, role: Role, where: str | None
) -> None:
    receipt, other = factories.send_in(), factories.member("samir", role, where)
    before = state(receipt)
    with pytest.raises(NotAllowed):
        factories.act(routing.name_contact, factories.member(), receipt, membership_of(other))
    assert state(receipt) == before


def test_nobody_is_the_contact_of_their_own_case(inside: Flask) -> None:
    samir, receipt = factories.member("samir"), factories.send_in(email="samir@exempel.se")
    with db.transaction():
        found = queries.case_by_id(factories.sender(receipt), receipt.case)
        assert found
        assert found.party
        found.party.person_id = samir.person
        found.sender_person_id = samir.person
    samirs = people.membership(samir.membership)
    with pytest.raises(NotAllowed):
        factories.act(routing.name_contact, factories.member(), receipt, samirs)
