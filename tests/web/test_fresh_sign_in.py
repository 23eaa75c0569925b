"""A fresh sign-in before a protected sender is shown and before contact details are changed."""

from datetime import timedelta

import pytest
from flask import Flask
from structlog.testing import capture_logs

from portal import clock, db
from portal.cases.actions import handling, protection
from portal.identity import queries as people
from portal.identity.actors import Citizen
from portal.identity.oidc import authorization_request, providers
from portal.identity.oidc.authorization_request import Pending
from portal.web import current
from tests import factories
from tests.page import Page
from tests.web import steps

DETAILS = "/mina-sidor/uppgifter"
WRITTEN = {"notify_by": "email", "email": "maja@exempel.se"}


def age(page: Page, minutes: float | None) -> None:
    """Let the person have been identified so many minutes ago; never, for None."""
    with page.client.session_transaction() as session:
        session.pop(current.IDENTIFIED, None)
        if minutes is not None:
            session[current.IDENTIFIED] = (clock.now() - timedelta(minutes=minutes)).timestamp()


def saved(actor: Citizen) -> str | None:
    db.close_read_session()
    return people.person(actor.person).email


def test_a_fresh_sign_in_changes_contact_details_at_once(citizen_page: steps.SignIn) -> None:
    maria = factories.citizen()
    page = citizen_page(maria)
    age(page, 14)
    page.submit(page.get(DETAILS), "main form", changes=WRITTEN, status=303)
    assert saved(maria) == WRITTEN["email"]


@pytest.mark.parametrize("minutes", [15.1, 600, None])
def test_an_older_one_leads_to_the_provider_and_back_with_what_was_written(
    citizen_page: steps.SignIn, minutes: float | None
) -> None:
    maria = factories.citizen()
    page = citizen_page(maria)
    age(page, minutes)
    with capture_logs() as lines:
        shown = page.submit(page.get(DETAILS), "main form", changes=WRITTEN, status=403)
    assert [line["event"] for line in lines][:1] == ["sign_in.stale"]
    assert saved(maria) is None
    onward = shown.links["Logga in igen"]
    assert "farsk=1" in onward
    handle = onward.split("utkast%3D")[1].split("&")[0]
    age(page, 0)
    again = page.get(f"{DETAILS}?utkast={handle}")
    assert steps.kept(again, "email") == WRITTEN["email"]
    page.submit(again, "main form", status=303)
    assert saved(maria) == WRITTEN["email"]
    assert steps.count("draft") == 0


def test_what_was_written_is_for_the_same_person_alone(citizen_page: steps.SignIn) -> None:
    maria = factories.citizen()
    page = citizen_page(maria)
    age(page, 60)
    shown = page.submit(page.get(DETAILS), "main form", changes=WRITTEN, status=403)
    handle = shown.links["Logga in igen"].split("utkast%3D")[1].split("&")[0]
    other = citizen_page(factories.citizen("yusuf"))
    assert WRITTEN["email"] not in other.get(f"{DETAILS}?utkast={handle}").html


def test_a_protected_sender_is_shown_after_a_fresh_sign_in_alone(staff_page: steps.SignIn) -> None:
    anna = factories.member()
    receipt = factories.send_in(email="maja@exempel.se", name="Maja Ek")
    factories.act(handling.take, anna, receipt)
    factories.act(protection.protect, anna, receipt)
    page = staff_page(anna)
    number = factories.number(receipt)
    age(page, 16)
    case = page.get(steps.case_address(number))
    shown = page.submit(case, "form[action$='/avsandare']", status=403)
    assert "Maja" not in shown.html
    assert f"nasta=%2Fhandlaggning%2Farenden%2F{number}" in shown.links["Logga in igen"].replace("/", "%2F")
    reads = steps.stored()["read_log"]
    assert not [row for row in reads if "sender" in row]
    age(page, 1)
    case = page.get(steps.case_address(number))
    assert "Maja Ek" in page.submit(case, "form[action$='/avsandare']", status=200).html


def test_the_request_asks_for_a_new_identification_whatever_the_provider_accepts(app: Flask) -> None:
    provider = providers.all_providers()[0].model_copy(update={"max_age": 3600})
    for fresh, max_age in ((False, "3600"), (True, "0")):
        pending = Pending.new("http://localhost:8000/", fresh=fresh)
        assert authorization_request.parameters(provider, pending, "sv")["max_age"] == max_age
