"""Files on the pages of a case: what its sender and staff add, and who may open them."""

from datetime import datetime
from urllib.parse import urljoin

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.audit.models import Read, Reading
from portal.cases.answers import drafts as answer_drafts
from portal.cases.groups import merging
from portal.files.enums import FileState
from portal.files.models import StoredFile
from portal.files.storage import folder
from portal.identity.actors import Role, Staff
from tests import factories, files
from tests.cases import pair
from tests.page import Document, Page
from tests.web import steps
from tests.web.attachments.posting import fetched, listed, names_of, opened, post

WROTE = {"body": "Se bifogad fil"}
ANSWER = "form[action$='/answer']"
NOTE = "form[action$='/note']"


@pytest.fixture
def anna(app: Flask) -> Staff:
    """Anna of the park unit."""
    return factories.member()


@pytest.fixture
def officer(anna: Staff, staff_page: steps.SignIn) -> Page:
    """The browser of Anna."""
    return staff_page(anna)


def sent(page: Page, *posted: tuple[str, bytes]) -> Document:
    """A case with files, opened by its code."""
    changes = steps.MAILED | {"category": "parker"}
    return opened(page, page.follow(post(page, page.get(steps.COMPLAINT), changes, *posted)))


def number_of(case: Document) -> str:
    return case.text_of(".tags span:last-child").split(" · ")[0]


def test_a_reply_has_files_and_staff_see_them(page: Page, officer: Page) -> None:
    case = sent(page)
    again = page.follow(post(page, case, WROTE, ("hål.jpg", files.photograph())))
    assert names_of(again) == ["hål.jpg"]
    read = officer.get(steps.case_address(number_of(case)))
    assert names_of(read) == ["hål.jpg"]
    answer = fetched(officer, read)
    assert answer.status_code == 200
    assert b"Agda" not in answer.data


def test_a_second_click_on_a_reply_adds_nothing_and_another_file_is_a_new_message(page: Page) -> None:
    case = sent(page)
    for _click in range(2):
        post(page, case, WROTE, ("ett.txt", b"Ett"))
    assert names_of(steps.latest(page)) == ["ett.txt"]
    post(page, case, WROTE, ("annan.txt", b"Annan"))
    assert names_of(steps.latest(page)) == ["ett.txt", "annan.txt"]


def test_a_refused_reply_keeps_its_files(page: Page) -> None:
    case = sent(page)
    asked = post(page, case, {"body": ""}, ("ett.txt", b"Ett"), ("tom.txt", b""), status=422)
    assert listed(asked) == ["ett.txt"]
    assert set(asked.errors()) == {"Skriv något först", "Filen tom.txt är tom. Välj den igen."}
    page.follow(post(page, asked, WROTE))
    assert names_of(steps.latest(page)) == ["ett.txt"]


def test_an_anonymous_reply_takes_no_office_file(page: Page) -> None:
    case = steps.opened(page)
    asked = post(page, case, WROTE, ("brev.docx", files.docx()), status=422)
    assert "kan innehålla ditt namn" in asked.errors()[0]


def test_files_are_sent_as_downloads_that_run_nothing(page: Page) -> None:
    case = sent(page, ("Å/../hål “1”.png", files.picture("PNG")))
    answer = fetched(page, case)
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment; filename=")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert int(headers["Content-Length"]) == len(answer.data)
    address = str(case.find(".message-files a")["href"])
    head = page.client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    whole = page.client.get(address, headers={"Range": "bytes=0-3"}, buffered=True)
    assert (whole.status_code, len(whole.data)) == (200, len(answer.data))


def test_a_thumbnail_is_a_picture_in_the_page(page: Page) -> None:
    case = sent(page, ("hål.jpg", files.picture()))
    image = case.find(".message-files img")
    assert (image["loading"], image["alt"]) == ("lazy", "")
    answer = page.client.get(urljoin(case.path, str(image["src"])), buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_another_reader_gets_what_a_number_that_never_was_gets(
    app: Flask, page: Page, staff_page: steps.SignIn
) -> None:
    case = sent(page, ("hål.jpg", files.picture()))
    address = str(case.find(".message-files a")["href"])
    stranger = Page(app.test_client())
    stranger.get(address, 303)
    other = Page(app.test_client())
    theirs = steps.opened(other, {"category": "parker"})
    number = address.rpartition("/")[2]
    other.get(f"{theirs.path}/filer/{number}", 404)
    other.get(f"{theirs.path}/filer/{number}/miniatyr", 404)
    elsewhere = staff_page(factories.member("samir", Role.OFFICER, "forskola"))
    for view in ("", "/miniatyr", "/original"):
        elsewhere.get(steps.case_address(number_of(case), f"/filer/{number}{view}"), 404)
        page.get(f"{case.path}/filer/999999{view}", 404)


def readings(how: Read) -> int:
    return db.session().query(Reading).filter_by(what=how).count()


def test_staff_who_open_a_file_are_in_the_read_log(app: Flask, page: Page, officer: Page) -> None:
    case = sent(page, ("hål.jpg", files.picture()))
    read = officer.get(steps.case_address(number_of(case)))
    with app.app_context():
        assert readings(Read.FILE) == 0
    fetched(officer, read)
    officer.client.get(urljoin(read.path, str(read.find(".message-files img")["src"])), buffered=True)
    with app.app_context():
        assert readings(Read.FILE) == 1


def test_the_records_officer_alone_opens_what_arrived(
    page: Page, officer: Page, staff_page: steps.SignIn
) -> None:
    case = sent(page, ("hål.jpg", files.photograph()))
    address = steps.case_address(number_of(case))
    assert not officer.get(address).has("a[href$='/original']")
    keeper = staff_page(factories.records_officer("park"))
    link = str(keeper.get(address).find("a[href$='/original']")["href"])
    assert b"Agda" in keeper.client.get(link, buffered=True).data
    officer.get(link, 404)


def test_a_file_that_waits_or_is_infected_is_named_but_not_opened(
    app: Flask, page: Page, officer: Page
) -> None:
    case = sent(page, ("hål.jpg", files.picture()))
    address = str(case.find(".message-files a")["href"])
    for state, words in ((FileState.WAITING, "Filen kontrolleras"), (FileState.INFECTED, "kan skada datorn")):
        with app.app_context(), db.transaction():
            db.session().query(StoredFile).update({"state": state})
        again = page.get(case.path)
        assert words in again.text
        assert not again.has(".message-files img")
        page.get(address, 404)
        page.get(f"{address}/miniatyr", 404)


def test_an_answer_has_files_and_a_note_has_them_for_staff_alone(page: Page, officer: Page) -> None:
    case = sent(page)
    shown = officer.get(steps.case_address(number_of(case)))
    noted = officer.follow(post(officer, shown, {"body": "Se bilden"}, ("intern.txt", b"Intern"), form=NOTE))
    answered = post(officer, noted, {"body": "Se kartan."}, ("karta.pdf", files.pdf()), form=ANSWER)
    assert names_of(officer.follow(answered)) == ["intern.txt", "karta.pdf"]
    mine = page.get(case.path)
    assert names_of(mine) == ["karta.pdf"]
    secret = names_and_addresses(officer.get(steps.case_address(number_of(case))))["intern.txt"]
    page.get(f"{case.path}/filer/{secret.rpartition('/')[2]}", 404)


def names_and_addresses(case: Document) -> dict[str, str]:
    return {tag.get_text(): str(tag["href"]) for tag in case.all(".message-files a")}


def test_an_answer_that_is_refused_or_comes_too_late_keeps_its_files(page: Page, officer: Page) -> None:
    case = sent(page)
    shown = officer.get(steps.case_address(number_of(case)))
    refused = post(officer, shown, {"body": ""}, ("karta.pdf", files.pdf()), form=ANSWER, status=422)
    assert listed(refused) == ["karta.pdf"]
    steps.act(officer, number_of(case), "take")
    late = post(officer, refused, {"body": "Se kartan."}, form=ANSWER, status=409)
    again = officer.submit(late, "form[action$='/answer']", button="Fortsätt med min text", status=200)
    assert listed(again) == ["karta.pdf"]
    sent_now = post(officer, again, {"body": "Se kartan."}, form=ANSWER)
    assert names_of(officer.follow(sent_now)) == ["karta.pdf"]


def waits_until() -> datetime:
    """When the only upload expires."""
    db.close_read_session()
    until = db.session().scalars(sa.select(StoredFile.expires_at)).one()
    assert until
    return until


def test_an_answer_to_several_asks_about_its_files_first(anna: Staff, officer: Page) -> None:
    kept, other = factories.send_in(), factories.send_in()
    pair(merging.merge, anna, other, kept, "Vi arbetar redan med det. Du får svaret här.")
    shown = officer.get(steps.case_address(factories.number(kept)))
    asked = post(officer, shown, {"body": "Se kartan."}, ("karta.pdf", files.pdf()), form=ANSWER, status=422)
    assert "Bilagorna går till alla." in asked.errors()[0]
    assert steps.count("message") == 3
    post(officer, asked, {"confirmed": "y"}, form=ANSWER)
    answers = factories.case(other).id, factories.case(kept).id
    db.close_read_session()
    assert set(db.session().scalars(sa.select(StoredFile.case_id))) == set(answers)


def test_a_draft_keeps_its_files_through_the_preview(page: Page, officer: Page) -> None:
    case = sent(page)
    number = number_of(case)
    shown = officer.get(steps.case_address(number))
    form = shown.form(ANSWER)
    form.action = urljoin(form.action, "utkast")
    draft = shown.find(ANSWER)
    draft["action"] = steps.case_address(number, "/utkast")
    saved = {"body": "Se kartan.", "preview": "1"}
    preview = officer.follow(
        post(officer, shown, saved, ("karta.pdf", files.pdf()), form=f"form[action='{draft['action']}']")
    )
    assert "karta.pdf" in preview.text_of(".message-files")
    assert listed(officer.get(steps.case_address(number))) == ["karta.pdf"]
    assert (waits_until() - clock.now()).days == answer_drafts.TTL.days
    answered = officer.follow(officer.submit(preview, ANSWER))
    assert names_of(answered) == ["karta.pdf"]


def test_a_part_that_is_split_off_has_a_copy_of_the_files(app: Flask, page: Page, officer: Page) -> None:
    case = sent(page, ("hål.jpg", files.picture()))
    part = officer.follow(
        steps.act(officer, number_of(case), "split", changes={"subject": "Den andra gungan"})
    )
    assert names_of(part) == ["hål.jpg"]
    assert fetched(officer, part).status_code == 200
    with app.app_context():
        contents = [(row.original_id, row.shown_id) for row in db.session().query(StoredFile)]
        assert len({content for pair in contents for content in pair}) == 4


def test_what_is_said_at_the_desk_and_registered_has_files(page: Page, officer: Page) -> None:
    case = sent(page)
    shown = officer.get(steps.case_address(number_of(case)))
    said = {"body": "Hon lämnade ett papper.", "via": "desk", "known": "staff"}
    saved = post(officer, shown, said, ("papper.pdf", files.pdf()), form="form[action$='/record_reply']")
    assert names_of(officer.follow(saved)) == ["papper.pdf"]
    blank = officer.get("/handlaggning/registrera")
    letter = {"body": "Ett brev om parken.", "category": "parker", "channel": "letter"}
    receipt = post(officer, blank, letter, ("brev.pdf", files.pdf()), form="#registration")
    assert "brev.pdf" in officer.get(steps.case_address("KB-2026-000002")).text
    assert receipt.location


def test_paper_names_the_files(page: Page, officer: Page) -> None:
    case = sent(page, ("hål.jpg", files.picture()), ("kvitto.pdf", files.pdf()))
    paper = officer.get(steps.case_address(number_of(case), "/utskrift"))
    assert "hål.jpg (JPEG-bild" in paper.text
    assert "kvitto.pdf (pdf, 1 sida" in paper.text
    assert not paper.has("main img")


def test_the_register_counts_the_files_of_each_message(page: Page, staff_page: steps.SignIn) -> None:
    sent(page, ("hål.jpg", files.picture()), ("kvitto.pdf", files.pdf()))
    keeper = staff_page(factories.records_officer("park"))
    assert "2 bilagor" in keeper.get("/handlaggning/register").text_of(".register")
    assert "2 bilagor" in keeper.client.get("/handlaggning/register.csv").text


def test_a_file_whose_bytes_are_gone_has_a_page_and_the_case_can_be_split(page: Page, officer: Page) -> None:
    case = sent(page, ("a.txt", b"Ett"))
    sent(page, ("b.txt", "Två".encode()))
    path = steps.case_address(number_of(case))
    db.close_read_session()
    file = db.session().scalars(sa.select(StoredFile).order_by(StoredFile.id)).first()
    assert file
    folder.remove(file.shown.name)
    lost = fetched(officer, officer.get(path))
    assert lost.status_code == 410
    assert "Filen går inte att öppna" in lost.get_data(as_text=True)
    part = officer.submit(officer.get(path), "form[action$='/split']", changes={"subject": "Del"})
    assert part.status == 303
    db.close_read_session()
    states = db.session().scalars(sa.select(StoredFile.state).order_by(StoredFile.id)).all()
    assert states == [FileState.FAILED, FileState.READY, FileState.FAILED]
