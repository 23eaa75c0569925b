"""Protected personal data: who says so, how far it reaches, and what goes out then."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.audit import trail
from portal.cases import parties
from portal.cases.access import Capacity
from portal.cases.actions import handling, protection
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import ForWhom, ReplyBy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt, Represented, submit
from portal.cases.lifecycle import TABLE, Action, NotAllowed, Status
from portal.cases.models import Party, Representation
from portal.identity import commands as identity
from portal.identity.actors import Citizen, Role, Staff
from portal.identity.models import Person
from portal.identity.oidc.identified import Identified
from portal.identity.oidc.providers import CITIZENS
from portal.notifications.rules import MESSAGES
from tests import factories
from tests.actions import EXPECTED, NEEDS
from tests.cases import bring, do, told

NAME, EMAIL, PHONE, CHILD = "Kanarie Fågelsson", "kanarie@hemlig.example", "+46701740605", "Kycklingen"
ISSUER = "https://one.example"
FIRST, SECOND = (f"1993{rest}" for rest in ("01202397", "03132394"))


def sign_in(protected: bool = False, number: str = FIRST) -> Citizen:
    """Somebody signs in, and their provider says whether they are protected."""
    with db.transaction() as session:
        who = Identified(ISSUER, number, NAME, number, protected=protected)
        identity.sign_in(CITIZENS, who)
        return Citizen(session.scalars(sa.select(Person).order_by(Person.id.desc())).first().id)  # type: ignore[union-attr]


def sent(sender: Citizen | None, **given: object) -> Receipt:
    """A case with all that can be told of its sender."""
    usual = {"name": NAME, "email": EMAIL, "for_whom": Represented(ForWhom.CHILD, CHILD)}
    with db.transaction():
        return submit(factories.new_case(**usual | given), sender)


def shown(receipt: Receipt) -> parties.Sender:
    return parties.sender(factories.case(receipt))


def test_a_sign_in_protects_every_case_of_the_person(inside: Flask) -> None:
    before = sent(sign_in())
    assert shown(before) == parties.Sender(name=NAME, email=EMAIL)
    after = sent(sign_in(protected=True))
    assert shown(before) == shown(after) == parties.Sender(protected=True)


def test_a_sign_in_never_takes_protection_back(inside: Flask) -> None:
    receipt = sent(sign_in(protected=True))
    sign_in(protected=False)
    assert shown(receipt).protected


def test_staff_protect_a_person_in_all_their_cases_and_take_it_back_with_a_reason(inside: Flask) -> None:
    sender, anna = sign_in(), factories.member()
    first, second = sent(sender), sent(sender)
    factories.act(protection.protect, anna, first)
    assert shown(second) == shown(sent(sender)) == parties.Sender(protected=True)
    factories.act(protection.unprotect, anna, second, "Skyddet har upphört.")
    assert shown(first).name == shown(second).name == NAME
    assert told(first)[-1] == "SenderProtected"
    entry = factories.entries(second)[-1]
    assert (entry.event, set(entry.details)) == ("SenderUnprotected", {"message"})


def test_another_person_is_not_touched(inside: Flask) -> None:
    other = sent(sign_in(number=SECOND))
    factories.act(protection.protect, factories.member(), sent(sign_in()))
    assert not shown(other).protected


def test_a_stranger_is_protected_in_every_part_of_their_case(inside: Flask) -> None:
    receipt, anna = sent(None), factories.member()
    factories.act(relations.split, anna, receipt, "Skylten")
    factories.act(protection.protect, anna, receipt)
    with db.transaction() as session:
        assert [each.protected for each in session.scalars(sa.select(Party))] == [True, True]
    factories.act(relations.split, anna, receipt, "Gungan")
    with db.transaction() as session:
        assert [each.protected for each in session.scalars(sa.select(Party))] == [True] * 3
        assert len({each.case_id for each in session.scalars(sa.select(Representation))}) == 3


def test_who_takes_a_protected_case_to_mina_sidor_is_protected_from_then_on(inside: Flask) -> None:
    receipt = factories.send_in()
    factories.act(protection.protect, factories.member(), receipt)
    sender = sign_in()
    with db.transaction():
        sender_actions.adopt(sender, factories.queries.case_by_id(factories.sender(receipt), receipt.case))  # type: ignore[arg-type]
    assert shown(sent(sender)).protected


def test_only_who_has_the_case_may_see_who_it_is(inside: Flask) -> None:
    receipt, anna, eva = (
        sent(sign_in(protected=True)),
        factories.member(),
        factories.member("eva", Role.REGISTRAR, None),
    )
    assert not may_see(anna, receipt)
    factories.act(handling.take, anna, receipt)
    assert may_see(anna, receipt)
    records = factories.member("samir", Role.RECORDS_OFFICER, None)
    assert not any(may_see(other, receipt) for other in (eva, records, Staff(anna.person)))
    assert parties.sender(factories.case(receipt), revealed=True) == parties.Sender(
        protected=True, name=NAME, email=EMAIL
    )


def may_see(actor: Staff, receipt: Receipt) -> bool:
    return parties.may_reveal(actor, factories.case(receipt))


def test_nobody_is_asked_to_show_what_is_not_hidden(inside: Flask) -> None:
    receipt, anna = sent(sign_in()), factories.member()
    factories.act(handling.take, anna, receipt)
    assert not may_see(anna, receipt)
    with pytest.raises(NotAllowed):
        factories.act(protection.unprotect, anna, receipt, "Varför inte.")


def test_a_second_click_protects_and_unprotects_once(inside: Flask) -> None:
    receipt, anna = sent(None), factories.member()
    for _click in range(2):
        factories.act(protection.protect, anna, receipt)
    for _click in range(2):
        factories.act(protection.unprotect, anna, receipt, "Skyddet har upphört.")
    assert told(receipt)[1:] == ["SenderProtected", "SenderUnprotected"]


def test_for_whom_is_told_by_kind_alone_of_a_protected_sender(inside: Flask) -> None:
    receipt = sent(sign_in(protected=True))
    case = factories.case(receipt)
    assert parties.principal(case) == parties.Principal(ForWhom.CHILD, vouched=False)
    assert parties.principal(case, revealed=True) == parties.Principal(ForWhom.CHILD, False, CHILD)


BY_HANDLERS = {row.action for row in TABLE if row.event in MESSAGES and row.by is Capacity.HANDLER}
SENDING = sorted(BY_HANDLERS - (NEEDS.keys() - {Action.FORWARD}))


@pytest.mark.parametrize("way", [{"email": EMAIL}, {"phone": PHONE, "reply_by": ReplyBy.SMS, "email": None}])
def test_all_that_goes_out_is_a_number_and_a_link(inside: Flask, way: dict[str, object]) -> None:
    sender, anna = sign_in(protected=True), factories.member()
    for action in SENDING:
        receipt = sent(sender, subject="Rubriken", **way)
        bring(receipt, anna, EXPECTED[action].sources[0] or Status.RECEIVED)
        do(action, anna, receipt, "Svaret")
    letters = [each for each in factories.letters() if each.recipient in (EMAIL, PHONE)]
    assert {each.name for each in letters} >= {"received", "being_handled", "answered", "closed", "contact"}
    for each in letters:
        whole = f"{each.subject} {each.text} {each.html}"
        assert "Det finns något nytt i ärende KB-" in whole
        assert not [word for word in (NAME, EMAIL, PHONE, "Rubriken", "Svaret", "Anna") if word in whole]


def test_for_whom_goes_into_the_trail_by_its_codes_and_gives_nobody_a_case(inside: Flask) -> None:
    vouched = Represented(ForWhom.ORGANISATION, "Fjädern", "9999999999", vouched=True)
    receipt = sent(sign_in(), for_whom=vouched)
    entry = trail.timeline(factories.System(), factories.case(receipt))[0]
    assert entry.details == {"for_whom": "organisation", "vouched": True}
    assert factories.queries.case_by_id(sign_in(number=SECOND), receipt.case) is None
    assert factories.entries(factories.send_in())[0].details == {}
