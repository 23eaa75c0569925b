"""Sending in: what goes through, and what comes of it."""

import pytest

from portal import db
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.identity.actors import Role
from portal.words import kinds
from tests import factories
from tests.page import Document, Page
from tests.web import steps

KINDS = {
    "fraga": "Tack. Din fråga är framme.",
    "klagomal": "Tack. Ditt klagomål är framme.",
    "berom": "Tack. Ditt beröm är framme.",
    "forslag": "Tack. Ditt förslag är framme.",
    "felanmalan": "Tack. Din felanmälan är framme.",
}


def the_case() -> Case:
    db.close_read_session()
    return db.session().query(Case).one()


def body() -> str:
    return the_case().messages[0].body


@pytest.mark.parametrize(("kind", "thanks"), KINDS.items())
def test_every_kind_of_the_profile_goes_through(page: Page, kind: str, thanks: str) -> None:
    receipt = steps.send(page, kind=f"/lamna/{kind}")
    assert receipt.h1 == thanks
    assert the_case().kind.slug == kind


def test_the_start_page_leads_to_each_kind(page: Page) -> None:
    for start in ("/", "/lamna"):
        shown = page.get(start)
        assert [f"/lamna/{kind}" for kind in KINDS] == [link["href"] for link in shown.all(".kinds a")]
    for link in shown.all(".kinds a"):
        assert page.get(str(link["href"])).has("main form [name=body]")


@pytest.mark.parametrize("kind", ["", "brev", "FRAGA", "fraga/", "%00", "fraga%20"])
def test_an_unknown_kind_is_not_found_whether_read_or_sent(page: Page, kind: str) -> None:
    wrong = f"/lamna/x{kind}" if kind == "" else f"/lamna/{kind}"
    before = steps.stored()
    assert page.get(wrong, 404).h1 == "Sidan finns inte"
    page.post(wrong, steps.WRITTEN | {"csrf_token": steps.token(page)}, 404)
    assert steps.stored() == before


def test_twenty_thousand_signs_go_through_with_a_line_break_counted_as_one(page: Page) -> None:
    text = ("å" * 99 + "\n") * 199 + "🌳" * 100
    assert len(text) == 20_000
    steps.send(page, {"body": text})
    assert body() == text


def test_one_sign_more_does_not(page: Page) -> None:
    before = steps.stored()
    answer = steps.refused(page, {"body": "a" * 20_001})
    assert answer.errors() == ["Texten är 1 tecken för lång. Den får vara högst 20 000 tecken."]
    assert steps.kept(answer, "body") == "a" * 20_001
    assert steps.stored() == before


def test_a_subject_of_two_hundred_signs_goes_through_and_one_more_does_not(page: Page) -> None:
    steps.refused(page, {"subject": "ö" * 201})
    assert steps.count("case") == 0
    steps.send(page, {"subject": "ö" * 200})
    assert the_case().public_subject == "ö" * 200


def test_line_breaks_of_every_sort_are_stored_as_one_sort(page: Page) -> None:
    form = page.get(steps.COMPLAINT).form("main form").fields()
    page.post(steps.COMPLAINT, form | steps.WRITTEN | {"body": "\r\n\r\nett\r\ntvå\rtre\nfyra\r\n"})
    assert body() == "ett\ntvå\ntre\nfyra"


def test_the_topic_may_be_left_out_and_the_first_line_gets_the_case(page: Page) -> None:
    steps.send(page)
    assert (the_case().category, the_case().handling_unit.key) == (None, "medborgarservice")


def test_the_topic_decides_the_unit(page: Page) -> None:
    steps.send(page, {"category": "gator"})
    category = the_case().category
    assert category
    assert (category.key, the_case().handling_unit.key) == ("gator", "gata")


def test_no_more_than_subject_text_and_a_way_to_answer_is_asked_for(page: Page) -> None:
    answer = page.submit(page.get(steps.COMPLAINT), "main form", status=422)
    assert [str(link["href"]) for link in answer.all(".ds-error-summary a")] == [
        "#subject",
        "#body",
        "#reply_by",
    ]


def test_an_address_is_kept_in_its_normal_form_with_the_name(page: Page) -> None:
    steps.send(page, steps.MAILED | {"email": "  Maja@EXEMPEL.se "})
    party = the_case().party
    assert party
    assert (party.name, party.email) == ("Maja Ek", "Maja@exempel.se")


def test_name_and_address_typed_by_somebody_who_chose_a_code_are_stored_nowhere(page: Page) -> None:
    steps.send(page, {"name": "Okänd Avsändare", "email": "hemlig@exempel.se"})
    everything = steps.everything()
    assert steps.count("party") == 0
    assert "Avsändare" not in everything
    assert "hemlig" not in everything


@pytest.mark.parametrize(
    "written",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "%s %(who)s", "&amp;"],
)
def test_what_looks_like_code_is_shown_as_it_was_written(
    page: Page, staff_page: steps.SignIn, written: str
) -> None:
    mine = steps.opened(page, steps.MAILED | {"subject": written, "body": written, "name": written})
    assert_plain(mine, written)
    assert written in mine.text_of(".message-body")
    number = mine.text_of(".tags span:last-child").split(" · ")[0]
    officer = staff_page(factories.member("eva", Role.REGISTRAR, None))
    for address in ("/handlaggning/", steps.case_address(number)):
        assert_plain(officer.get(address), written)


def assert_plain(shown: Document, written: str) -> None:
    assert " ".join(written.split()) in shown.text
    assert not shown.has("main script, main img")


def test_what_looks_like_code_is_kept_as_it_was_written_when_the_form_is_refused(page: Page) -> None:
    written = '"><script>x</script>'
    wrong = {"subject": written, "body": "</textarea><script>", "email": written, "reply_by": "email"}
    answer = steps.refused(page, wrong)
    assert [steps.kept(answer, field) for field in ("subject", "email")] == [written, written]
    assert steps.kept(answer, "body") == "</textarea><script>"
    assert not answer.has("script:not([src])")


def test_long_words_are_stored_and_shown_whole(page: Page) -> None:
    word = "Donaudampf" * 15
    assert word in steps.opened(page, {"subject": word, "body": word}).text


@pytest.mark.parametrize(
    "number",
    ["", "112", "040-628 04 00", "+44 20 7946 0958", "070-174 06", "070-174 06 05 ankn 2", "hemligt"],
)
def test_a_number_that_cannot_be_a_mobile_telephone_is_told_and_nothing_is_sent(
    page: Page, number: str
) -> None:
    told = steps.refused(page, {"reply_by": "sms", "phone": number})
    assert "Rätta en sak" in told.text
    assert "mobilnummer" in told.text_of("#phone-error")
    assert steps.kept(told, "phone") == number
    assert (steps.count("case"), steps.count("outbox")) == (0, 0)
    assert steps.number_of(page.follow(page.submit(told, "main form", changes={"phone": "070-174 06 05"})))


def test_the_limit_of_the_text_stands_beside_it_before_it_is_reached(page: Page) -> None:
    form = page.get(steps.COMPLAINT)
    assert form.text_of("#body-limit") == "Högst 20 000 tecken."
    assert "body-limit" in str(form.find("#body")["aria-describedby"])
    back = steps.refused(page, {"body": "a" * 19_000, "subject": ""})
    assert back.text_of("#body-limit") == "Du kan skriva 1 000 tecken till."
    assert steps.refused(page, {"body": "a" * 20_001}).text_of("#body-limit") == ""


@pytest.mark.parametrize("kind", Kind)
def test_an_empty_text_is_asked_for_in_the_words_of_its_kind(page: Page, kind: Kind) -> None:
    shown = page.submit(page.get(f"/lamna/{kind.slug}"), "main form", changes={"body": ""}, status=422)
    assert shown.text_of("#body-error") == str(kinds.KINDS[kind].body_missing)


def test_the_date_and_what_to_do_about_danger_come_before_the_first_field(page: Page) -> None:
    shown = page.get("/lamna/felanmalan")
    assert shown.text_of(".due-line strong") == shown.text_of(".promise-date")
    start = str(shown.find("main")).partition('id="formular"')[0]
    assert "due-line" in start
    assert "Är felet farligt?" in start
