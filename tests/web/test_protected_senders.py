"""A protected sender stands nowhere: no page, letter, log or command, but for one who asks to see."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask

from portal import db
from portal.audit.models import Reading
from portal.cases.actions import handling, protection
from portal.cases.enums import ForWhom, ReplyBy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt, Represented, submit
from portal.cases.lifecycle import Action
from portal.cases.models import Case, Party
from portal.identity.actors import Citizen, Role, Staff
from portal.identity.models import Person
from portal.web.backoffice.case.actions import SPECS
from tests import factories
from tests.architecture import routes
from tests.cases import do, pair
from tests.page import Page
from tests.web import steps
from tests.web.backoffice.test_actions import fact

NAME, EMAIL, PHONE = "Kanarie Fågelsson", "kanarie@hemlig.example", "+46701740605"
ADDRESS, CHILD = "Gömda gatan 7", "Kycklingen"
CANARIES = ("kanarie", "fågelsson", "hemlig.example", "701740605", "• •05", "gömda gatan", "kycklingen")


@pytest.fixture
def cases(app: Flask) -> list[Receipt]:
    """What one protected person has sent: by e-mail and by SMS, with all that can be told of them."""
    sender = factories.citizen()
    with db.transaction() as session:
        session.get_one(Person, sender.person).name = NAME
        session.get_one(Person, sender.person).protected = True
    ways = [{"email": EMAIL}, {"phone": PHONE, "reply_by": ReplyBy.SMS}]
    return [sent(sender, subject=f"Ärende {place}", **way) for place, way in enumerate(ways)]


def sent(sender: Citizen | None, **given: object) -> Receipt:
    new = factories.new_case(name=NAME, for_whom=Represented(ForWhom.CHILD, CHILD), **given)
    with db.transaction() as session:
        receipt = submit(new, sender)
        party = session.get_one(Case, receipt.case).party
        assert party
        party.address = ADDRESS
        return receipt


def leaks(text: str) -> list[str]:
    """The canaries that sing in a text."""
    return [each for each in CANARIES if each in text.casefold()]


def lived(cases: list[Receipt], anna: Staff) -> None:
    """All that sends something, and all that ties one case to another."""
    for action in (
        Action.TAKE,
        Action.MESSAGE_SENDER,
        Action.RECORD_CALL,
        Action.EXTEND,
        Action.REQUEST_SUPPLEMENT,
        Action.NOTE,
    ):
        for receipt in cases:
            do(action, anna, receipt, "Hej.")
    factories.act(relations.split, anna, cases[0], "Delen")
    pair(relations.relate, anna, *cases)
    factories.act(handling.answer, anna, cases[1], "Svaret.", close=True)


def test_no_page_log_letter_or_command_tells_who_a_protected_sender_is(
    app: Flask,
    cases: list[Receipt],
    staff_page: steps.SignIn,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    anna, eva = factories.member(), factories.member("eva", Role.REGISTRAR, None)
    lived(cases, anna)
    found = dict[str, list[str]]()
    monkeypatch.setitem(routes.PARTS, "number", factories.number(cases[0]))
    readers = [staff_page(anna), staff_page(eva), Page(app.test_client())]
    for reader in readers:
        for rule, shown in routes.answers(app, reader, pdfs=True):
            found[rule.rule] = leaks(shown.response.get_data().decode(errors="replace"))
    for page in readers[:2]:
        for view in ("due", "mine", "unassigned", "newest"):
            found[view] = leaks(page.get(f"/handlaggning/?vy={view}").html)
        for receipt in cases:
            found[f"case {receipt.case}"] = leaks(
                page.get(steps.case_address(factories.number(receipt))).html
            )
        token = steps.token(page)
        for name in SPECS:
            found[name] = leaks(refused(page, cases[0], name, token))
    for letter in factories.letters():
        found[f"letter {letter.id}"] = leaks(f"{letter.subject} {letter.text} {letter.html} {letter.problem}")
        assert letter.recipient in (EMAIL, PHONE)
    for command in (["member", "list"], ["cases", "recount"], ["worker", "--once"], ["check"]):
        found[" ".join(command)] = leaks(app.test_cli_runner().invoke(args=command).output)
    found["log"] = leaks(caplog.text)
    assert len(found) > 70
    assert {where: what for where, what in found.items() if what} == {}


def refused(page: Page, receipt: Receipt, name: str, token: str) -> str:
    """The page that comes of a deed with nothing in it, done on a case that has changed since."""
    data = {"csrf_token": token, "version": "1"}
    answer = page.client.post(steps.case_address(factories.number(receipt), f"/{name}"), data=data)
    return answer.text if answer.status_code in (409, 422) else ""


def test_the_canaries_sing_when_nobody_is_protected(cases: list[Receipt], staff_page: steps.SignIn) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    factories.act(protection.unprotect, eva, cases[0], "Skyddet har upphört.")
    shown = [staff_page(eva).get(steps.case_address(factories.number(each))).html for each in cases]
    assert len(leaks(" ".join(shown))) == len(CANARIES) - 1


def readings() -> list[str]:
    """What has been looked at, oldest first."""
    db.close_read_session()
    return [each.what for each in db.session().query(Reading).order_by(Reading.id)]


def test_who_has_the_case_asks_to_see_who_it_is_and_that_is_written_down(
    cases: list[Receipt], staff_page: steps.SignIn
) -> None:
    anna = factories.member()
    page, address = staff_page(anna), steps.case_address(factories.number(cases[0]))
    assert "Bara den som har ärendet kan visa uppgifterna." in page.get(address).text
    factories.act(handling.take, anna, cases[0])
    before = page.get(address)
    assert fact(before, "Avsändare") == "Skyddade personuppgifter"
    assert fact(before, "För") == "Avsändarens barn, avsändarens egen uppgift"
    assert set(readings()) == {"case"}
    shown = page.submit(before, "form[action$='/avsandare']", status=200)
    told = [fact(shown, term) for term in ("Avsändare", "E-post", "Adress", "För")]
    assert told == [NAME, EMAIL, ADDRESS, "Avsändarens barn: Kycklingen, avsändarens egen uppgift"]
    assert "Det är antecknat att du har sett dem." in shown.text
    assert leaks(shown.text_of(".thread")) == leaks(shown.text_of("title")) == []
    assert readings().count("sender") == 1
    assert leaks(page.get(address).html) == []


def test_a_colleague_who_asks_gets_nothing_and_nothing_is_written_down(
    cases: list[Receipt], staff_page: steps.SignIn
) -> None:
    factories.act(handling.take, factories.member(), cases[0])
    eva = staff_page(factories.member("eva", Role.REGISTRAR, None))
    address = steps.case_address(factories.number(cases[0]), "/avsandare")
    refusal = eva.post(address, {"csrf_token": steps.token(eva)}, 409)
    assert leaks(refusal.html) == []
    assert leaks(eva.post(address, {}, 422).html) == []
    eva.get(address, 405)
    assert "sender" not in readings()


def test_staff_protect_and_unprotect_on_the_page_of_the_case(
    app: Flask, staff_page: Callable[[Staff], Page]
) -> None:
    receipt, page = sent(None, email=EMAIL), staff_page(factories.member())
    shown = page.follow(steps.act(page, factories.number(receipt), "protect"))
    assert "Avsändarens uppgifter är skyddade" in shown.text
    assert (fact(shown, "Avsändare"), leaks(shown.html)) == ("Skyddade personuppgifter", [])
    assert "Anna märkte avsändaren: skyddade personuppgifter" in shown.text_of(".trail")
    steps.act(page, factories.number(receipt), "unprotect", status=422)
    done = steps.act(page, factories.number(receipt), "unprotect", changes={"body": "Skyddet har upphört."})
    shown = page.follow(done)
    assert (fact(shown, "Avsändare"), fact(shown, "E-post")) == (NAME, EMAIL)
    assert "Skyddet har upphört." in shown.text_of(".thread")


def test_a_protected_sender_reads_no_address_of_their_own_by_code(app: Flask) -> None:
    receipt = sent(None, email=EMAIL)
    factories.act(protection.protect, factories.member(), receipt)
    browser = Page(app.test_client())
    assert receipt.code
    mine = browser.follow(steps.open_case(browser, factories.number(receipt), receipt.code))
    assert set(leaks(mine.html)) <= {"kycklingen"}
    assert db.session().query(Party).one().email == EMAIL
