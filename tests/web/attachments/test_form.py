"""Files in the form of a new case: sent with it, kept where it comes back, and refused with their names."""

import re
from io import BytesIO
from typing import Any

import pytest

from portal.files.rules import MAX_BYTES
from tests import files
from tests.page import Page
from tests.web import steps
from tests.web.attachments.posting import handle_of, listed, names_of, opened, post

SENT = steps.MAILED
FIELD = "#attachments"
NUMBER = "198406092380"


def test_files_that_come_with_the_form_are_in_the_case(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    receipt = page.follow(post(page, shown, SENT, ("hål.jpg", files.picture()), ("kvitto.pdf", files.pdf())))
    case = opened(page, receipt)
    assert names_of(case) == ["hål.jpg", "kvitto.pdf"]
    assert "pdf, 1 sida" in case.text
    answer = page.client.get(str(case.find(".message-files a")["href"]))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert "filename*=UTF-8''h%C3%A5l.jpg" in answer.headers["Content-Disposition"]


def test_the_limits_are_said_before(page: Page) -> None:
    field = page.get(steps.COMPLAINT).find(FIELD)
    assert "Högst 10 filer, 25 MB tillsammans." in page.get(steps.COMPLAINT).text_of("#attachments-hint")
    assert field.has_attr("multiple")
    assert "image/jpeg" in str(field["accept"])


def test_a_form_that_comes_back_keeps_its_files_and_their_descriptions(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    refused = post(page, shown, SENT | {"subject": ""}, ("hål.jpg", files.picture()), status=422)
    assert listed(refused) == ["hål.jpg"]
    alt = {f"alt_{handle_of(refused)}": "Ett hål i gatan"}
    again = post(page, refused, SENT | alt | {"body": ""}, status=422)
    assert again.find("[name^=alt_]")["value"] == "Ett hål i gatan"
    case = opened(page, page.follow(post(page, again, SENT)))
    assert case.find(".message-files img")["alt"] == "Ett hål i gatan"


def test_files_can_be_uploaded_without_sending_and_removed_without_losing_the_text(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    more = {"add_files": "1", "subject": "Bara en rubrik"}
    added = post(page, shown, more, ("ett.txt", b"Ett"), ("två.txt", b"Tva"), status=200)
    assert (listed(added), added.errors()) == (["ett.txt", "två.txt"], [])
    fewer = post(page, added, {"add_files": "1", "remove_file": handle_of(added)}, status=200)
    assert (listed(fewer), steps.kept(fewer, "subject")) == (["två.txt"], "Bara en rubrik")
    assert steps.count("case") == 0
    assert steps.count("stored_file") == 1


REFUSED = [
    ("tom.txt", b"", "Filen tom.txt är tom."),
    ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "bild.svg"),
    ("program.exe", b"MZ" + bytes(200), "program.exe"),
    ("trasig.jpg", files.picture()[:200], "trasig.jpg"),
]


@pytest.mark.parametrize(("name", "content", "told"), REFUSED)
def test_a_refused_file_is_named_and_all_else_is_kept(
    page: Page, name: str, content: bytes, told: str
) -> None:
    shown = page.get(steps.COMPLAINT)
    answer = post(page, shown, SENT, ("bra.txt", b"Bra"), (name, content), status=422)
    assert told in answer.errors()[0]
    assert answer.find(FIELD)["aria-invalid"] == "true"
    assert listed(answer) == ["bra.txt"]
    assert steps.kept(answer, "body") == SENT["body"]
    assert steps.count("case") == 0


def test_eleven_files_are_too_many_and_ten_are_kept(page: Page) -> None:
    eleven = [(f"{number}.txt", b"Hej") for number in range(11)]
    answer = post(page, page.get(steps.COMPLAINT), SENT, *eleven, status=422)
    assert answer.errors() == ["Det är för många filer. Välj högst 10."]
    assert len(listed(answer)) == 10


def test_more_than_25_megabytes_are_refused_with_the_text_kept(page: Page) -> None:
    large = b"a" * (MAX_BYTES + 1)
    answer = post(page, page.get(steps.COMPLAINT), SENT, ("stor.txt", large), status=422)
    assert answer.errors() == ["Filen stor.txt är för stor. Den får vara högst 25 MB."]
    assert steps.kept(answer, "subject") == SENT["subject"]
    assert steps.count("stored_file") == 0


def test_a_body_above_the_limit_is_refused_with_the_way_back(page: Page) -> None:
    answer = post(page, page.get(steps.COMPLAINT), SENT, ("stor.txt", b"a" * 32_000_000), status=413)
    assert "bakåtknapp" in answer.text


def test_an_anonymous_sender_is_asked_for_a_file_without_a_name_in_it(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    answer = post(page, shown, steps.WRITTEN, ("brev.docx", files.docx()), status=422)
    assert "brev.docx kan innehålla ditt namn" in answer.errors()[0]
    known = post(page, answer, SENT)
    assert names_of(opened(page, page.follow(known))) == ["brev.docx"]


def test_the_same_form_twice_is_one_case_with_its_files_once(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    first = post(page, shown, SENT, ("hål.jpg", files.picture()))
    second = post(page, shown, SENT, ("hål.jpg", files.picture()))
    assert steps.number_of(page.follow(first)) == steps.number_of(page.follow(second))
    assert steps.count("case") == 1
    assert names_of(opened(page, page.follow(second))) == ["hål.jpg"]


def test_another_file_under_a_used_form_is_no_silent_loss(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    post(page, shown, SENT, ("ett.txt", b"Ett"))
    answer = post(page, shown, SENT, ("annan.txt", b"Annan"), status=422)
    assert "Du har redan skickat det här formuläret" in answer.text
    assert listed(answer) == ["annan.txt"]


def test_a_personnummer_in_a_name_is_asked_about(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    asked = post(page, shown, SENT, (f"{NUMBER}.pdf", files.pdf()), status=422)
    assert "personnummer i namnet på en fil" in asked.errors()[0]
    assert NUMBER not in asked.errors()[0]
    assert listed(asked) == [f"{NUMBER}.pdf"]
    receipt = page.follow(post(page, asked, SENT | {"behall_personnummer_attachments": "1"}))
    assert names_of(opened(page, receipt)) == [f"{NUMBER}.pdf"]


def test_a_personnummer_with_an_underscore_in_a_name_is_asked_about(page: Page) -> None:
    name = f"intyg_{NUMBER.replace('-', '')[:-4]}_{NUMBER[-4:]}.pdf"
    asked = post(page, page.get(steps.COMPLAINT), SENT, (name, files.pdf()), status=422)
    assert "personnummer i namnet på en fil" in asked.errors()[0]
    assert listed(asked) == [name]


def test_a_language_button_uploads_and_keeps_the_files(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    english = post(page, shown, SENT | {"sprak": "en"}, ("hål.jpg", files.picture()), status=200)
    assert listed(english) == ["hål.jpg"]
    assert steps.count("case") == 0


def test_the_files_come_back_after_the_sign_in(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    away = post(page, shown, steps.ON_PORTAL, ("hål.jpg", files.picture()))
    draft = re.search(r"utkast%3D([\w-]+)", away.location)
    assert draft
    back = page.get(f"{steps.COMPLAINT}?utkast={draft[1]}")
    assert listed(back) == ["hål.jpg"]


def test_nothing_is_stored_for_a_form_without_its_token(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    answer = post(page, shown, SENT | {"csrf_token": "x"}, ("hål.jpg", files.picture()), status=422)
    assert "Välj dem igen" in answer.text
    assert steps.count("stored_file") == 0


def test_a_handle_that_was_made_up_opens_nothing(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    answer = post(page, shown, SENT | {"files": ["x" * 22, "y" * 5000]}, status=422)
    assert answer.errors() == ["En fil som du valde finns inte kvar hos oss. Välj den igen."]
    assert steps.count("case") == 0


def upload(page: Page, name: str, content: bytes, **fields: Any) -> Any:
    fields = {"csrf_token": steps.token(page), "attachments": (BytesIO(content), name)} | fields
    return page.client.post("/lamna/filer", data=fields)


def test_a_script_uploads_a_file_by_itself(page: Page) -> None:
    answer = upload(page, "hål.jpg", files.photograph())
    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["name"], told["picture"], told["traces"]) == ("hål.jpg", True, True)
    receipt = page.follow(post(page, page.get(steps.COMPLAINT), SENT | {"files": told["handle"]}))
    assert names_of(opened(page, receipt)) == ["hål.jpg"]


def test_a_script_is_told_why_a_file_is_refused(page: Page) -> None:
    answer = upload(page, "tom.txt", b"")
    assert answer.status_code == 422
    assert answer.get_json() == {"error": "Filen tom.txt är tom. Välj den igen."}


def test_a_script_removes_what_it_has_uploaded(page: Page) -> None:
    handle = upload(page, "ett.txt", b"Ett").get_json()["handle"]
    fields = {"csrf_token": steps.token(page), "files": handle, "remove_file": handle}
    assert page.client.post("/lamna/filer", data=fields).get_json() == {}
    assert steps.count("stored_file") == 0
