"""Every action of staff on the page of a case: drawn where it is allowed, and done by its form."""

import pytest

from portal.cases.access import Capacity
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, Status
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case.actions.specs import Place
from tests import factories
from tests.actions import EXPECTED, NEEDS, allowed_in
from tests.cases import brought_to, first_message, membership_of
from tests.page import Page
from tests.web import steps

# What a form is filled in with, field by field.
FILLED = {
    "body": "Texten.",
    "until": "2026-06-01",
    "reason": "Vi väntar på en besiktning.",
    "subject": "Den andra frågan",
    "to": "unit-gata",
    "system": "Lifecare",
    "way": "Skriv till nämnden.",
    "provision": "halsa",
    "matter": "appeal",
    "public_subject": "Klagomål på en lekplats",
    "internal_subject": "Lekplatsen i Svenshög",
    "kind": "question",
    "topic": "gator",
    "level": "2",
    "via": "phone",
    "known": "staff",
}
# Drawn beside a row of the page, or as the second button of a form: not by themselves.
BESIDE = {action for action, spec in SPECS.items() if spec.place in (Place.ROW, Place.SECOND_BUTTON)}


def forms(page: Page, receipt: Receipt) -> dict[str, str]:
    """The actions whose forms the page of a case draws, and what it calls each."""
    shown = page.get(steps.case_address(factories.number(receipt)))
    drawn = {}
    for form in shown.all(f"form[action^='{steps.case_address(factories.number(receipt))}/']"):
        folded = form.find_parent("details")
        name = folded.find("summary") if folded else form.find("button")
        drawn[str(form["action"]).rsplit("/", 1)[-1]] = name.get_text() if name else ""
    return drawn


@pytest.mark.parametrize("status", Status)
def test_the_page_draws_each_action_that_is_allowed_and_no_other(
    staff_page: steps.SignIn, travel: steps.Travel, status: Status
) -> None:
    receipt = brought_to(status)
    drawn = forms(staff_page(factories.member()), receipt)
    # Without a merge, a protected sender, a proposal or a relation their actions have no form.
    # The sender is anonymous, so there is nothing to protect.
    possible = allowed_in(status, Capacity.HANDLER) - {*NEEDS, Action.PROTECT} - BESIDE
    assert set(drawn) & set(SPECS) - BESIDE == possible
    for action in possible - {Action.ASSIGN}:
        spec = SPECS[action]
        of_case = spec.label_for(factories.case(receipt)) if spec.label_for else spec.label
        labels = [spec.label, of_case, spec.button or spec.label]
        assert drawn[action] in [str(label) for label in labels]


def test_each_action_is_done_by_its_form(staff_page: steps.SignIn, travel: steps.Travel) -> None:
    page, samir = staff_page(factories.member()), membership_of(factories.member("samir"))
    token, other = steps.token(page), factories.number(factories.send_in())
    for action in SPECS:
        if action in NEEDS:
            continue
        receipt = brought_to(EXPECTED[action].sources[0] or Status.RECEIVED)
        source = factories.case(receipt).status
        fields = FILLED | {"number": other, "officer": str(samir.id), "csrf_token": token}
        fields["message"] = str(first_message(receipt))
        done = page.post(steps.case_address(factories.number(receipt), f"/{action}"), fields)
        assert "?" not in done.location
        assert factories.case(receipt).status is EXPECTED[action].leads_to(source)
