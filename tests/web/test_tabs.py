"""Several tabs of one browser: each page and each form acts on what it names, and what is written is kept."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask

from portal.identity.actors import Citizen, Role, Staff
from portal.web import open_cases
from tests import factories
from tests.architecture import routes
from tests.page import Document, Page
from tests.page_checks import value
from tests.web import steps

ROOT = Path(__file__).parents[2]
CLOSED = "Skriv numret och koden för att öppna ärendet."
OPEN_IT = "Öppna ärendet med numret och koden."


def opened_pair(page: Page) -> list[Document]:
    """Two cases that are open in one browser, each on its own page."""
    return [steps.opened(page, {"subject": subject}) for subject in ("Gungan", "Badet")]


def test_two_cases_by_code_are_two_pages_and_a_reply_lands_in_its_own(page: Page) -> None:
    swing, bath = opened_pair(page)
    answered = page.follow(page.submit(swing, "#body", changes={"body": "Om gungan."}))
    assert (answered.h1, "Om gungan." in answered.text) == ("Gungan", True)
    assert "Om gungan." not in page.get(bath.path).text
    taken_back = page.follow(page.submit(bath, "form[action$='/withdraw']"))
    assert (taken_back.h1, "Du har tagit tillbaka ärendet." in taken_back.text) == ("Badet", True)
    assert "Återtaget" not in page.get(swing.path).text
    page.submit(swing, "form[action$='/stang']")
    assert page.get(bath.path).h1 == "Badet"
    page.get(swing.path, 303)


def test_the_address_without_a_handle_leads_to_the_case_that_was_opened_last(page: Page) -> None:
    _swing, bath = opened_pair(page)
    assert page.get("/folj/arende", 303).location == bath.path


def test_a_handle_opens_nothing_in_another_browser_and_tells_nothing(app: Flask, page: Page) -> None:
    shown = steps.opened(page)
    stranger = Page(app.test_client())
    answers = [stranger.get(path, 303) for path in (shown.path, "/folj/gissad", "/folj/arende")]
    assert {(answer.location, answer.html) for answer in answers} == {("/folj", answers[0].html)}
    assert OPEN_IT in stranger.get("/folj").text
    later = stranger.get("/folj").text
    assert OPEN_IT not in later
    assert CLOSED not in later
    assert len(shown.path.rpartition("/")[2]) >= 22


def test_a_handle_dies_with_its_grant(page: Page, travel: steps.Travel) -> None:
    receipt = steps.send(page)
    pair = steps.number_of(receipt), steps.code_of(receipt)
    first = steps.open_case(page, *pair).location
    travel.shift(31 * 60)
    assert page.get(first, 303).location == "/folj"
    assert steps.open_case(page, *pair).location != first


def test_a_browser_holds_a_bounded_number_of_cases(page: Page) -> None:
    receipt = steps.send(page)
    pair = steps.number_of(receipt), steps.code_of(receipt)
    handles = [steps.open_case(page, *pair).location for _again in range(open_cases.MAX_OPEN + 1)]
    page.get(handles[0], 303)
    assert all(page.get(handle).h1 for handle in handles[1:])
    assert steps.count("code_grant") == open_cases.MAX_OPEN


def test_the_page_of_a_case_by_code_sends_its_address_nowhere(page: Page) -> None:
    assert steps.opened(page).response.headers["Referrer-Policy"] == "no-referrer"
    assert page.get("/folj/gissad", 303).response.headers["Referrer-Policy"] == "no-referrer"


def test_two_receipts_are_two_pages_and_klar_puts_away_its_own(page: Page) -> None:
    first, second = steps.send(page, {"subject": "Ett"}), steps.send(page, {"subject": "Två"})
    assert first.path != second.path
    assert [steps.code_of(page.get(shown.path)) for shown in (first, second)] == [
        steps.code_of(first),
        steps.code_of(second),
    ]
    assert page.get("/kvitto", 303).location == second.path
    page.submit(second, "form[action^='/kvitto/']")
    assert not page.get(second.path).has("[data-code]")
    assert page.get("/kvitto", 303).location == first.path
    assert steps.code_of(page.get(first.path)) == steps.code_of(first)
    assert page.get(first.path).response.headers["Cache-Control"] == "no-store"


def test_each_tab_comes_back_from_the_sign_in_to_its_own_text(app: Flask, page: Page) -> None:
    backs = []
    for subject in ("Gungan", "Badet"):
        form = page.get("/lamna/fraga")
        changes = steps.WRITTEN | {"subject": subject, "reply_by": "portal"}
        away = page.submit(form, "main form", changes=changes).location
        backs.append(unquote(away.partition("nasta=")[2]))
    assert [steps.kept(page.get(back), "subject") for back in backs] == ["Gungan", "Badet"]
    assert not steps.kept(Page(app.test_client()).get(backs[0]), "subject")


# Success is said once, from the session.


def test_no_address_says_what_has_happened() -> None:
    told = re.compile(r"klart=|stangt=|args\.get\(\"(klart|stangt|saved|done|sparat)\"")
    files = [*ROOT.glob("portal/web/**/*.py"), *ROOT.glob("templates/**/*.html")]
    assert [file.name for file in files if told.search(file.read_text(encoding="utf-8"))] == []


def test_a_confirmation_is_shown_once_in_its_own_tab_and_never_with_an_error(page: Page) -> None:
    swing, bath = opened_pair(page)
    sent = page.submit(swing, "#body", changes={"body": "En sak till."})
    assert "Tack. Vi har fått det du skrev." not in page.get(bath.path).text
    refused = page.submit(swing, "#body", changes={"body": ""}, status=422)
    assert "Tack. Vi har fått" not in refused.text
    assert "Tack. Vi har fått" in page.follow(sent).text
    assert "Tack. Vi har fått" not in page.follow(sent).text


@pytest.mark.parametrize("address", ["/mina-sidor?klart=tillagt", "/inloggningar?klart=avslutad"])
def test_a_link_claims_nothing(address: str, citizen_page: Callable[[Citizen], Page], app: Flask) -> None:
    assert not citizen_page(factories.citizen()).get(address).has("[data-color=success]")


DELIVERIES = {
    "code": "Svaret ligger i ärendet. Avsändaren läser med sin kod.",
    "email": "Svaret är skickat till Maja Ek med mejl.",
}


@pytest.mark.parametrize("reply_by", DELIVERIES)
def test_an_answer_says_to_whom_it_went_and_how(page: Page, staff_page: steps.SignIn, reply_by: str) -> None:
    changes = steps.MAILED if reply_by == "email" else {}
    steps.send(page, {**changes, "reply_by": reply_by, "category": "parker"})
    officer = staff_page(factories.member())
    done = steps.act(officer, "KB-2026-000001", "answer", changes={"body": "Den 1 juni."})
    assert "?" not in done.location
    assert DELIVERIES[reply_by] in officer.follow(done).text_of("[data-color=success]")


# A form of staff carries the membership that it was drawn for.


@pytest.fixture
def anna(app: Flask, staff_page: steps.SignIn) -> tuple[Page, Staff, Staff]:
    """Anna, officer of the park unit and registrar, with her browser as the first."""
    factories.send_in(subject="I parken")
    officer, registrar = factories.member(), factories.member("anna", Role.REGISTRAR, None)
    return staff_page(officer), officer, registrar


def switch(page: Page, to: Staff) -> None:
    shown = page.get("/handlaggning/")
    page.submit(shown, ".roles", changes={"membership": str(to.membership)})


def staff_posts(app: Flask) -> Iterator[str]:
    """Every POST route of the back office, but for the switch itself."""
    for rule in routes.rules(app, "POST"):
        if rule.endpoint.startswith("backoffice.") and rule.endpoint != "backoffice.switch_membership":
            yield routes.address(rule)


def test_every_post_of_staff_that_was_drawn_for_another_membership_is_stopped_and_kept(
    app: Flask, anna: tuple[Page, Staff, Staff]
) -> None:
    page, officer, registrar = anna
    token = steps.token(page)
    switch(page, registrar)
    before, tried = steps.stored(), 0
    written = {"body": "Den 1 juni.", "name": "Min vy", "reason": "Sommar", "csrf_token": token}
    for address in staff_posts(app):
        stopped = page.post(address, written | {"acting_as": str(officer.membership)}, 409)
        assert stopped.h1 == "Du har bytt roll"
        for text in ("Den 1 juni.", "Min vy", "Sommar"):
            assert text in stopped.html, address
        tried += 1
    assert tried >= 10
    assert steps.stored() == before


def test_one_press_goes_on_as_the_membership_of_the_form(anna: tuple[Page, Staff, Staff]) -> None:
    page, _officer, registrar = anna
    address = steps.case_address("KB-2026-000001")
    shown = page.get(address)
    switch(page, registrar)
    stopped = page.submit(shown, "form[action$='/note']", changes={"body": "Ring skolan."}, status=409)
    assert "Handläggare, Parkenheten" in stopped.text
    assert steps.kept(stopped, "mine") == "Ring skolan."
    done = page.follow(page.submit(stopped, "main form"))
    assert "Ring skolan." in done.text
    assert page.get("/handlaggning/").text_of("#role [selected]") == "Handläggare, Parkenheten"


def test_a_form_of_a_membership_that_has_ended_gives_the_text_back(anna: tuple[Page, Staff, Staff]) -> None:
    page, _officer, _registrar = anna
    address = steps.case_address("KB-2026-000001", "/note")
    fields = {"body": "Ring skolan.", "acting_as": "999", "csrf_token": steps.token(page)}
    stopped = page.post(address, fields, 409)
    assert steps.kept(stopped, "mine") == "Ring skolan."
    assert not stopped.has("main form")


def test_every_form_of_staff_carries_its_membership(anna: tuple[Page, Staff, Staff]) -> None:
    page, officer, _registrar = anna
    forms = 0
    for path in ("/handlaggning/", steps.case_address("KB-2026-000001"), "/handlaggning/mallar/ny"):
        for tag in page.get(path).all("main form[method=post]"):
            field = tag.select_one("[name=acting_as]")
            assert field is not None, f"{path} {tag.get('action')}"
            assert value(field, "value") == str(officer.membership)
            forms += 1
    assert forms >= 8


def test_a_template_with_a_form_of_staff_draws_the_hidden_fields_in_one_way() -> None:
    for file in (ROOT / "templates/backoffice").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert 'name="csrf_token"' not in text, file.name
        assert text.count('method="post"') <= text.count("{{ hidden(") + text.count("hidden_fields"), (
            file.name
        )


# What is written is not lost.


def test_signed_out_in_another_tab_gives_the_text_back_and_again_after_the_sign_in(
    app: Flask, anna: tuple[Page, Staff, Staff], staff_page: steps.SignIn
) -> None:
    page, officer, _registrar = anna
    shown = page.get(steps.case_address("KB-2026-000001"))
    page.submit(page.get("/handlaggning/"), "form[action='/logga-ut']")
    late = page.submit(shown, "form[action$='/answer']", changes={"body": "Den 1 juni."}, status=403)
    assert steps.kept(late, "mine") == "Den 1 juni."
    resume = late.links["Logga in igen"].partition("nasta=")[2]
    sign_in_again(page, staff_page(officer))
    back = page.get(resume)
    assert steps.kept(back, "mine") == "Den 1 juni."
    drawn = page.submit(back, "main form", status=200)
    assert steps.kept(drawn, "answer-body") == "Den 1 juni."
    assert steps.count("message") == 1


def sign_in_again(page: Page, other: Page) -> None:
    """Give a browser the session of another, without losing what its cookie holds."""
    with other.client.session_transaction() as theirs:
        token = theirs["_user_id"]
    with page.client.session_transaction() as cookie:
        cookie["_user_id"] = token


def test_a_field_that_is_no_text_of_an_answer_comes_back_too(anna: tuple[Page, Staff, Staff]) -> None:
    page, _officer, _registrar = anna
    shown = page.get(steps.case_address("KB-2026-000001"))
    page.submit(page.get("/handlaggning/"), "form[action='/logga-ut']")
    late = page.submit(shown, "form[action$='/split']", changes={"subject": "En annan sak"}, status=403)
    assert value(late.find("#mine-subject"), "value") == "En annan sak"


def test_another_sites_post_to_a_signed_out_browser_is_not_shown(page: Page) -> None:
    token = steps.token(page)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://annan.se"}):
        fields = {"body": "Ring 0900", "csrf_token": token}
        page.post("/mina-sidor/arenden/KB-2026-000001", fields, 303, headers=headers)


def test_without_cookies_it_is_said_plainly_with_the_telephone_number(app: Flask, page: Page) -> None:
    form = page.get(steps.COMPLAINT).form("main form")
    for _again in range(2):
        alone = Page(app.test_client(use_cookies=False))
        refused = alone.post(steps.COMPLAINT, form.fields() | steps.WRITTEN, 422)
        assert "Tillåt kakor" in refused.text
        assert re.search(r"ringa 040-\d", refused.text)
        assert "öppen för länge" not in refused.text
        assert steps.kept(refused, "body") == steps.WRITTEN["body"]


@pytest.mark.parametrize("path", [steps.COMPLAINT, "/folj", "/folj/ny-kod"])
def test_the_language_button_keeps_what_is_written(page: Page, path: str) -> None:
    written = {"subject": "Gungan", "body": "Den är trasig."} if path == steps.COMPLAINT else {"number": "13"}
    before = steps.stored()
    shown = page.submit(page.get(path), "main form", changes=written, button="English", status=200)
    assert value(shown.find("html"), "lang") == "en"
    assert not shown.has(".ds-error-summary")
    assert {name: steps.kept(shown, name) for name in written} == written
    assert steps.stored() == before
    assert value(page.get("/om").find("html"), "lang") == "en"


def test_the_language_button_of_the_start_page_stays_on_it(page: Page) -> None:
    before = page.get("/")
    shown = page.submit(before, "#formular", changes={"number": "13"}, button="English", status=200)
    assert (steps.kept(shown, "number"), shown.has(".hero")) == ("13", True)


def test_the_language_button_keeps_a_reply(page: Page) -> None:
    shown = steps.opened(page)
    english = page.submit(shown, "#body", changes={"body": "Halvvägs"}, button="English", status=200)
    assert (steps.kept(english, "body"), value(english.find("html"), "lang")) == ("Halvvägs", "en")
    assert steps.count("message") == 1


def test_a_public_page_with_a_text_to_write_names_its_form_for_the_language_button() -> None:
    for file in ROOT.glob("templates/[!be]*/*.html"):
        text = file.read_text(encoding="utf-8")
        if "layouts/public.html" in text and ("control(" in text) and 'method="post"' in text:
            assert "set main_form" in text, file.name


def test_no_field_of_a_text_forbids_the_browser_to_keep_it(page: Page) -> None:
    off = page.get(steps.COMPLAINT).all("main [autocomplete=off]")
    assert [value(tag, "name") for tag in off] == ["website"]


def test_an_older_tab_never_replaces_a_newer_draft(anna: tuple[Page, Staff, Staff]) -> None:
    page, _officer, _registrar = anna
    address = steps.case_address("KB-2026-000001")
    old, new = page.get(address), page.get(address)
    page.submit(new, "form[action$='/answer']", changes={"body": "Den nya."}, button="Spara utkast")
    both = page.submit(
        old, "form[action$='/answer']", changes={"body": "Den gamla."}, button="Spara utkast", status=409
    )
    assert (steps.kept(both, "newer"), steps.kept(both, "mine")) == ("Den nya.", "Den gamla.")
    assert steps.kept(page.get(address), "answer-body") == "Den nya."
    page.submit(both, "main form", button="Spara den här texten i stället")
    assert steps.kept(page.get(address), "answer-body") == "Den gamla."


def test_an_answer_from_an_older_tab_does_not_delete_a_newer_draft(anna: tuple[Page, Staff, Staff]) -> None:
    page, _officer, _registrar = anna
    address = steps.case_address("KB-2026-000001")
    old, new = page.get(address), page.get(address)
    page.submit(new, "form[action$='/answer']", changes={"body": "Den nya."}, button="Spara utkast")
    both = page.submit(old, "form[action$='/answer']", changes={"body": "Den gamla."}, status=409)
    assert (steps.kept(both, "newer"), steps.kept(both, "mine")) == ("Den nya.", "Den gamla.")
    assert steps.count("answer_draft") == 1
    assert "Den gamla." not in page.get(address).text


def test_one_tab_saves_again_and_again(anna: tuple[Page, Staff, Staff]) -> None:
    page, _officer, _registrar = anna
    shown = page.get(steps.case_address("KB-2026-000001"))
    for text in ("Ett", "Två", "Tre"):
        page.submit(shown, "form[action$='/answer']", changes={"body": text}, button="Spara utkast")
    assert steps.kept(page.get(shown.path), "answer-body") == "Tre"
