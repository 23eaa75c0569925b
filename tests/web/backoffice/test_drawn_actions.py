"""Actions whose forms are constant are drawn once: what differs between pages is still that of the page."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.cases.actions import handling, secrecy, subjects
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.case.actions import SPECS, specs
from tests import factories
from tests.page import Document, Page
from tests.page_checks import value
from tests.web import steps

FORMS = {spec.form for spec in SPECS.values()}


def page_of(page: Page, receipt: Receipt) -> Document:
    return page.get(steps.case_address(factories.number(receipt)))


def values_of(document: Document, name: str) -> set[str]:
    return {value(field, "value") for field in document.all(f"main input[name={name}]")}


def addresses(document: Document) -> set[str]:
    # A case is linked to an improvement as many are.
    actions = {value(form, "action") for form in document.all("main form")} - {"/handlaggning/flera"}
    return {action.rpartition("/")[0] for action in actions}


def test_the_forms_of_a_page_are_of_its_case_its_version_and_its_reader(
    app: Flask, page: Page, sent: Receipt, anna: Staff, staff_page: steps.SignIn
) -> None:
    page_of(page, sent)
    samir = factories.member("samir")
    other = factories.send_in(subject="En annan park")
    factories.act(handling.take, samir, other)
    factories.act(handling.note, samir, other, "En anteckning")
    shown = page_of(staff_page(samir), other)
    assert addresses(shown) == {steps.case_address(factories.number(other))}
    assert values_of(shown, "acting_as") == {str(samir.membership)}
    assert values_of(shown, "version") == {str(factories.case(other).version)}
    assert values_of(shown, "happened") == {str(factories.entries(other)[-1].sequence)}
    again = page_of(page, sent)
    assert addresses(again) == {steps.case_address(factories.number(sent))}
    assert values_of(again, "acting_as") == {str(anna.membership)}
    assert values_of(again, "csrf_token") & values_of(shown, "csrf_token") == set()


def test_each_message_is_marked_by_a_form_of_its_own(page: Page, sent: Receipt, anna: Staff) -> None:
    factories.act(handling.note, anna, sent, "En anteckning")
    shown = page_of(page, sent)
    messages = [value(field, "value") for field in shown.all(".thread input[name=message]")]
    assert len(messages) == len(set(messages)) == 2
    for message in messages:
        assert shown.has(f"#mark_message-{message}-provision")


def test_a_case_with_a_subject_for_the_register_is_not_asked_for_one(
    page: Page, sent: Receipt, anna: Staff
) -> None:
    assert page_of(page, sent).has("#mark_secrecy-public_subject")
    now = subjects.classification_of(factories.case(sent))
    other = replace(now, public_subject="En lekplats", internal_subject="Lekplatsen vid skolan")
    factories.act(subjects.reclassify, anna, sent, other)
    assert not page_of(page, sent).has("#mark_secrecy-public_subject")


def test_a_marked_case_is_marked_again_in_other_words(page: Page, sent: Receipt, anna: Staff) -> None:
    assert "Sekretessmarkera ärendet" in page_of(page, sent).text
    provision = organisation.profile().secrecy_provisions[0].key
    factories.act(secrecy.mark_secrecy, anna, sent, provision=provision, confirmed=True)
    text = page_of(page, sent).text
    assert "Ändra sekretessmarkeringen" in text
    assert "Sekretessmarkera ärendet" not in text


def test_as_many_pages_as_one_likes_keep_no_more_than_one(page: Page, sent: Receipt) -> None:
    page_of(page, sent)
    kept = dict(specs._drawn)
    other = factories.send_in(subject="En annan park")
    page_of(page, other)
    assert specs._drawn == kept
    assert not any("csrf_token" in html or "KB-" in html for html in kept.values())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_that_is_made_of_more_than_constants_says_what_it_is_drawn_from(
    form: type[ActionForm],
) -> None:
    ancestors = [kind for kind in form.__mro__ if issubclass(kind, ActionForm) and kind is not ActionForm]
    makers = [kind for kind in ancestors if {"for_case", "__init__"} & set(vars(kind))]
    tellers = [kind for kind in ancestors if "drawn_from" in vars(kind)]
    draws_each = makers and not tellers and form.drawn_from(Staff(1), Case()) is None
    # The one that makes it, or one below it, says so.
    assert not makers or draws_each or ancestors.index(tellers[0]) <= ancestors.index(makers[0])
