"""An answer on its way: saved by hand or by itself, opened again, late, and for a case that is gone."""

from urllib.parse import unquote

from portal.cases.actions import handling, routing
from portal.cases.enums import HandoverGround
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

TEXT = "Tack. Vi har börjat.\n\nÅÄÖ"
FORM = "form[action$='/answer']"


def read(page: Page, sent: Receipt) -> Document:
    return page.get(steps.case_address(factories.number(sent)))


def save(page: Page, sent: Receipt, body: str = TEXT) -> Document:
    pressed = page.submit(read(page, sent), FORM, changes={"body": body}, button="Spara utkast")
    return page.follow(pressed)


def test_a_draft_is_saved_and_stands_in_the_form_with_its_time(
    page: Page, sent: Receipt, travel: steps.Travel, anna: Staff, staff_page: steps.SignIn
) -> None:
    shown = save(page, sent)
    assert steps.kept(shown, "answer-body") == TEXT
    assert shown.text_of("#utkastet") == "Utkastet sparades kl. 10.00."
    travel.move_to("2026-05-05 08:00:00Z")
    assert read(staff_page(anna), sent).text_of("#utkastet") == "Utkastet sparades 4 maj kl. 10.00."


def test_the_first_button_still_answers_and_the_draft_is_gone(page: Page, sent: Receipt) -> None:
    shown = save(page, sent)
    done = page.follow(page.submit(shown, FORM))
    assert "Svaret är skickat till Maja Ek med mejl." in done.text
    assert steps.kept(done, "answer-body") == ""
    assert steps.count("answer_draft") == 0


def test_a_script_saves_the_same_way_and_is_told_in_a_word(page: Page, sent: Receipt) -> None:
    form, asked = read(page, sent).form(FORM), {"Accept": "application/json"}
    address = steps.case_address(factories.number(sent), "/utkast")
    told = page.client.post(address, data=form.fields() | {"body": TEXT, "save": "1"}, headers=asked)
    assert told.status_code == 200
    assert told.json
    assert plain(told.json["state"]).startswith("Utkastet sparades kl. ")
    for bad in ({"csrf_token": ""}, {"body": "a" * 20_001}):
        refused = page.client.post(address, data=form.fields() | {"body": "Nytt"} | bad, headers=asked)
        assert refused.status_code == 422
    assert steps.kept(read(page, sent), "answer-body") == TEXT


def test_a_draft_that_is_too_long_or_too_late_is_given_back_and_told(page: Page, sent: Receipt) -> None:
    form = read(page, sent).form(FORM)
    address = steps.case_address(factories.number(sent), "/utkast")
    long = page.post(address, form.fields() | {"body": "a" * 20_001}, 422)
    assert long.errors() == ["Texten är 1 tecken för lång. Den får vara högst 20 000 tecken."]
    late = page.post(address, form.fields() | {"body": TEXT, "csrf_token": ""}, 422)
    assert steps.kept(late, "answer-body") == TEXT


def test_nobody_else_sees_it_and_it_is_there_after_signing_in_again(
    anna: Staff, page: Page, sent: Receipt, staff_page: steps.SignIn
) -> None:
    save(page, sent)
    eva = staff_page(factories.member("eva", Role.REGISTRAR, None))
    assert "Vi har börjat" not in read(eva, sent).html
    page.submit(read(page, sent), "form[action='/logga-ut']")
    assert steps.kept(read(staff_page(anna), sent), "answer-body") == TEXT


def test_what_others_did_meanwhile_is_said_before_it_is_sent(
    page: Page, sent: Receipt, travel: steps.Travel
) -> None:
    save(page, sent)
    travel.shift(60)
    eva = factories.member("eva", Role.REGISTRAR, None)
    factories.act(handling.note, eva, sent, "Hen har ringt.")
    assert "Ärendet har ändrats sedan du sparade utkastet." in read(page, sent).text
    factories.act(handling.answer, eva, sent, "Den 1 juni.")
    shown = read(page, sent)
    assert "Eva har svarat sedan du sparade utkastet. Läs det svaret först." in shown.text
    assert steps.kept(shown, "answer-body") == TEXT


def test_on_a_case_that_was_closed_the_text_is_kept_to_copy_or_throw_away(page: Page, sent: Receipt) -> None:
    form = read(page, sent).form(FORM)
    factories.act(
        handling.answer, factories.member("eva", Role.REGISTRAR, None), sent, "Den 1 juni.", close=True
    )
    late = page.post(form.action, form.fields() | {"body": TEXT}, 409)
    assert "Svaret är inte skickat. Din text är sparad som utkast." in late.text
    shown = page.follow(page.post(f"{form.action[:-6]}utkast", form.fields() | {"body": TEXT + "."}))
    assert not shown.has(FORM)
    assert steps.kept(shown, "mine") == TEXT + "."
    page.submit(shown, "form[action$='/ta-bort']")
    assert "Ditt utkast" not in read(page, sent).text


def test_a_case_that_one_may_not_see_any_more_gives_the_text_back_and_tells_nothing(
    page: Page, sent: Receipt
) -> None:
    form = save(page, sent, "Mitt första utkast").form(FORM)
    eva = factories.member("eva", Role.REGISTRAR, None)
    elsewhere = organisation.category("forskoleplats")
    factories.act(routing.hand_over, eva, sent, elsewhere, ground=HandoverGround.NO_SECRECY)
    for action in ("answer", "utkast", "note"):
        address = steps.case_address(factories.number(sent), f"/{action}")
        gone = page.post(address, form.fields() | {"body": TEXT}, 404)
        never = page.post(address.replace("000001", "000009"), form.fields() | {"body": TEXT}, 404)
        assert steps.kept(gone, "mine") == TEXT
        assert gone.text == never.text
    kept = page.get("/handlaggning/utkast")
    assert "Mitt första utkast" in kept.text
    assert "Ett ärende som du inte ser längre" in kept.text
    assert "Lekplatsen" not in kept.text
    assert factories.number(sent) not in kept.html
    assert "Inga utkast" in page.follow(page.submit(kept, "form[action$='/ta-bort']")).text


def test_a_session_that_ended_while_one_wrote_gives_the_text_back(page: Page, sent: Receipt) -> None:
    form = read(page, sent).form(FORM)
    with page.client.session_transaction() as cookie:
        cookie.pop("_user_id")
    for address in (form.action, form.action.replace("/answer", "/utkast")):
        asked = page.post(address, form.fields() | {"body": TEXT}, 403)
        assert steps.kept(asked, "mine") == TEXT
        assert unquote(asked.links["Logga in igen"]).startswith("/logga-in/personal?nasta=/fortsatt/")
    assert steps.count("answer_draft") == 0


def test_a_draft_of_ones_own_is_listed_with_its_case(page: Page, sent: Receipt) -> None:
    save(page, sent)
    listed = page.get("/handlaggning/utkast")
    assert listed.links["Lekplatsen är stängd"].startswith(steps.case_address(factories.number(sent)))
    page.post("/handlaggning/utkast/1/ta-bort", {}, 422)
    assert steps.count("answer_draft") == 1
