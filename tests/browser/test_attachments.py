"""Files from a browser: with and without script, from a telephone, and over a connection that breaks."""

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Route, expect

from tests import files
from tests.browser import steps
from tests.browser.conftest import SMALL, Visit
from tests.browser.visitor import Screen, Visitor
from tests.running import Running

NO_SCRIPT = Screen(320, "light", script=False)


def payload(name: str, content: bytes, kind: str = "application/octet-stream") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def photograph() -> FilePayload:
    return payload("hål i gatan.jpg", files.photograph(), "image/jpeg")


def choose(sender: Visitor, *chosen: FilePayload) -> None:
    sender.page.locator("#attachments").set_input_files(list(chosen))


def written(sender: Visitor) -> str:
    subject = steps.unique("Ett hål i gatan")
    sender.open("/lamna/felanmalan")
    steps.fill(sender, subject)
    return subject


def follow(sender: Visitor, subject: str) -> None:
    steps.open_case(sender, steps.receipt(sender, subject))


def test_a_picture_is_uploaded_described_and_shown_on_both_sides(visit: Visit, screen: Screen) -> None:
    sender, officer = visit(screen), visit(screen)
    subject = written(sender)
    choose(sender, photograph(), payload("tom.txt", b""))
    sender.sees("Filen tom.txt är tom.")
    # Chromium calls an answer that refuses an error.
    sender.complaints.clear()
    sender.page.get_by_role("button", name="Ta bort: tom.txt").click()
    sender.page.get_by_label("Beskriv bilden").fill("Ett djupt hål")
    expect(sender.page.locator("[data-attach-add]")).to_be_hidden()
    assert sender.faults() == []
    sender.press("Skicka felanmälan")
    sent = steps.receipt(sender, subject)
    steps.open_case(sender, sent)
    expect(sender.page.get_by_alt_text("Ett djupt hål")).to_be_visible()

    steps.sign_in(officer, steps.EVA)
    steps.find(officer, sent)
    expect(officer.page.get_by_alt_text("Ett djupt hål")).to_be_visible()
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="hål i gatan.jpg").click()
    assert download.value.suggested_filename == "hål i gatan.jpg"
    steps.choose_tab(officer, "answer")
    officer.page.locator("form summary").filter(has_text="Bifoga filer").click()
    officer.page.locator("#answer-attachments").set_input_files([payload("karta.pdf", files.pdf())])
    expect(officer.page.get_by_role("button", name="Ta bort: karta.pdf")).to_be_visible()
    assert officer.faults() == []


def test_an_anonymous_sender_sends_no_camera_along(visit: Visit) -> None:
    sender = visit(SMALL)
    subject = written(sender)
    sender.page.get_by_label("E-post", exact=True).check()
    choose(sender, photograph())
    expect(sender.page.get_by_role("button", name="Ta bort: hål i gatan.jpg")).to_be_visible()
    # Chosen afterwards: the picture is redrawn by the browser and uploaded again.
    with sender.page.expect_response(lambda answer: answer.status == 201) as again:
        sender.page.get_by_label("Anonymt, med en kod", exact=True).check()
    assert again.value.json()["traces"] is False
    expect(sender.page.locator("[name=files]")).to_have_count(1)
    sender.press("Skicka felanmälan")
    follow(sender, subject)
    address = sender.page.locator(".message-files a").get_attribute("href")
    content = sender.page.request.get(urljoin(sender.address, str(address))).body()
    assert Image.open(BytesIO(content)).getexif() == {}


def test_a_connection_that_breaks_loses_neither_text_nor_file(visit: Visit) -> None:
    sender = visit(SMALL)
    subject = written(sender)
    broken = []

    def break_once(route: Route) -> None:
        if broken:
            route.continue_()
        else:
            broken.append(route.request.url)
            route.abort()

    sender.page.route("**/lamna/filer", break_once)
    choose(sender, payload("ett.txt", b"Ett"))
    sender.sees("Anslutningen bröts, så ett.txt är inte uppladdad.")
    sender.complaints.clear()
    expect(sender.page.locator("[name=subject]")).to_have_value(subject)
    sender.page.get_by_role("button", name="Försök igen: ett.txt").click()
    expect(sender.page.get_by_role("button", name="Ta bort: ett.txt")).to_be_visible()
    sender.press("Skicka felanmälan")
    follow(sender, subject)
    sender.sees("ett.txt")


def test_without_script_files_go_along_with_the_form(visit: Visit) -> None:
    sender = visit(NO_SCRIPT)
    subject = written(sender)
    choose(sender, payload("brev.docx", files.docx()))
    sender.press("Skicka felanmälan")
    assert sender.status == 422
    sender.sees("Filen brev.docx kan innehålla ditt namn.")
    sender.page.get_by_label("Ta bort brev.docx").check()
    choose(sender, payload("ett.txt", b"Ett"))
    sender.press("Ladda upp filerna utan att skicka")
    sender.sees("ett.txt")
    sender.press("Skicka felanmälan")
    follow(sender, subject)
    sender.sees("ett.txt")


@pytest.fixture
def telephone(browser: Browser, running: Running) -> Iterator[Visitor]:
    """A telephone: its size, its finger and its name."""
    device = {
        "viewport": {"width": 390, "height": 664},
        "device_scale_factor": 3,
        "is_mobile": True,
        "has_touch": True,
    }
    context = browser.new_context(**device, locale="sv-SE", reduced_motion="reduce")
    yield Visitor(context.new_page(), running.address, Screen(390, "light"))
    context.close()


def test_a_telephone_sends_a_photograph(telephone: Visitor) -> None:
    subject = written(telephone)
    assert "image/jpeg" in str(telephone.page.locator("#attachments").get_attribute("accept"))
    choose(telephone, photograph())
    expect(telephone.page.get_by_role("button", name="Ta bort: hål i gatan.jpg")).to_be_visible()
    telephone.press("Skicka felanmälan")
    follow(telephone, subject)
    expect(telephone.page.locator(".message-files img")).to_be_visible()
