"""Drafts of the form: saved, listed, opened again, replaced, sent and removed; never another person's."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.cases.enums import Kind
from portal.cases.intake import saved_drafts
from portal.files import uploads
from portal.files.models import StoredFile
from portal.identity.actors import Citizen
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps
from tests.web.attachments.posting import listed, post

SignedIn = Callable[[Citizen], Page]
SAVE = "Spara utkast"
LAMP = {"subject": "Trasig gatlykta", "body": "Lyktan vid Storgatan 4 är släckt."}


@pytest.fixture
def maria(app: Flask, travel: steps.Travel, citizen_page: SignedIn) -> Page:
    """The browser of Maria, who has signed in."""
    return citizen_page(factories.citizen())


def save(page: Page, changes: dict[str, str], address: str = "/lamna/felanmalan", **options: int) -> Document:
    return page.submit(page.get(address), "#formular", changes=changes, button=SAVE, **options)


def handles() -> list[str]:
    db.close_read_session()
    return [draft.handle for draft in saved_drafts.of_person(factories.citizen())]


def test_a_draft_is_saved_and_listed_with_its_time(maria: Page, travel: steps.Travel) -> None:
    travel.shift(15 * 60)
    mine = maria.follow(save(maria, LAMP))
    assert plain(mine.text_of(".ds-alert")) == "Utkastet är sparat. Det finns här till 3 juni."
    listed = plain(mine.text_of("section[aria-labelledby=utkast] li"))
    assert listed.startswith("Trasig gatlykta Felanmälan · sparat i dag kl. 10.15, finns till 3 jun")
    assert steps.count("case") == 0


def test_a_draft_is_opened_changed_and_replaced(maria: Page) -> None:
    mine = maria.follow(save(maria, LAMP | {"category": "belysning"}))
    href = mine.links["Fortsätt Trasig gatlykta"]
    form = maria.get(href)
    assert (steps.kept(form, "subject"), steps.kept(form, "body")) == tuple(LAMP.values())
    save(maria, {"subject": "Två trasiga gatlyktor"}, href)
    assert len(handles()) == 1
    assert steps.kept(maria.get(href), "subject") == "Två trasiga gatlyktor"


def test_a_form_that_is_saved_twice_is_one_draft(maria: Page) -> None:
    form = maria.get("/lamna/felanmalan")
    for subject in ("Trasig gatlykta", "Två trasiga gatlyktor"):
        maria.submit(form, "#formular", changes=LAMP | {"subject": subject}, button=SAVE)
    [draft] = saved_drafts.of_person(factories.citizen())
    assert draft.subject == "Två trasiga gatlyktor"


def test_the_form_of_another_person_is_a_draft_of_its_own(inside: Flask) -> None:
    people = [factories.citizen("maria"), factories.citizen("yusuf")]
    with db.transaction():
        for actor in people:
            saved_drafts.save(actor, Kind.QUESTION, LAMP | {"submission": "s" * 22})
    assert [len(saved_drafts.of_person(actor)) for actor in people] == [1, 1]


def test_a_draft_that_is_sent_is_removed(maria: Page) -> None:
    href = maria.follow(save(maria, LAMP)).links["Fortsätt Trasig gatlykta"]
    answer = maria.submit(maria.get(href), "#formular", changes={"reply_by": "portal", "notify_by": "none"})
    assert answer.location.startswith("/kvitto/")
    assert (steps.count("saved_draft"), steps.count("case")) == (0, 1)


@pytest.mark.parametrize("is_back", [True, False])
def test_a_draft_is_removed_by_its_form_after_the_session_has_ended(
    maria: Page, travel: steps.Travel, is_back: bool
) -> None:
    form = maria.get("/lamna/felanmalan")
    saved = maria.submit(form, "#formular", changes=LAMP, button=SAVE)
    opened = form if is_back else maria.get(maria.follow(saved).links["Fortsätt Trasig gatlykta"])
    travel.shift(61 * 60)
    assert maria.get("/mina-sidor", 303)
    again = maria.submit(opened, "#formular", changes=LAMP | {"reply_by": "code"})
    if not again.location:
        # The token of the form went with the session: the page has what was written.
        again = maria.submit(again, "#formular")
    assert again.location.startswith("/kvitto")
    assert (steps.count("saved_draft"), steps.count("case")) == (0, 1)


def test_a_form_remembers_its_draft_through_a_sign_in(maria: Page, travel: steps.Travel) -> None:
    href = maria.follow(save(maria, LAMP)).links["Fortsätt Trasig gatlykta"]
    travel.shift(61 * 60)
    answer = maria.submit(maria.get(href), "#formular", changes=LAMP | {"reply_by": "portal"})
    assert answer.location.startswith("/logga-in/medborgare")
    assert href.partition("?")[2] in unquote(answer.location)


def test_a_draft_needs_neither_all_fields_nor_right_ones_but_a_word(maria: Page) -> None:
    save(maria, {"body": "x" * 20_001, "reply_by": "email", "email": "maria@"})
    assert len(handles()) == 1
    refused = save(maria, {"subject": "", "body": " "}, status=422)
    assert refused.text_of(".ds-alert") == "Skriv en rubrik eller några ord först. Spara sedan utkastet."
    assert refused.errors() == []


def test_a_draft_is_removed_once(maria: Page) -> None:
    mine = maria.follow(save(maria, LAMP))
    for text in ("Utkastet är borttaget.", "Utkastet fanns inte kvar."):
        again = maria.follow(maria.submit(mine, "form[action$='/ta-bort']"))
        assert again.text_of(".ds-alert") == text
    assert handles() == []


def test_another_person_neither_reads_nor_removes_a_draft(maria: Page, citizen_page: SignedIn) -> None:
    mine = maria.follow(save(maria, LAMP))
    href = mine.links["Fortsätt Trasig gatlykta"]
    yusuf = citizen_page(factories.citizen("yusuf"))
    assert steps.kept(yusuf.get(href), "subject") == ""
    assert not yusuf.get("/mina-sidor").has("#utkast")
    [handle] = handles()
    token = steps.token(yusuf, "/mina-sidor")
    yusuf.post(f"/mina-sidor/utkast/{handle}/ta-bort", {"csrf_token": token})
    save(yusuf, LAMP, href)
    assert handles() == [handle]
    assert steps.count("saved_draft") == 2


def test_a_stranger_sees_no_button_and_signs_in_if_the_session_has_ended(page: Page) -> None:
    form = page.get("/lamna/felanmalan")
    assert SAVE not in form.text
    fields = LAMP | {"csrf_token": steps.token(page), "spara_utkast": "1"}
    assert page.post("/lamna/felanmalan", fields).location.startswith("/logga-in/medborgare")
    assert steps.count("saved_draft") == 0


def test_a_draft_with_a_code_chosen_opens_with_the_code_still_chosen(maria: Page) -> None:
    mine = maria.follow(save(maria, LAMP | {"reply_by": "code", "name": "Maria"}))
    form = maria.get(mine.links["Fortsätt Trasig gatlykta"])
    assert form.find("[name=reply_by][value=code]").has_attr("checked")
    assert steps.kept(form, "name") == ""


def test_a_person_has_twenty_drafts_and_the_text_of_one_more_is_kept(maria: Page) -> None:
    actor = factories.citizen()
    with db.transaction():
        for _number in range(saved_drafts.MAX_SAVED):
            saved_drafts.save(actor, Kind.QUESTION, LAMP)
    refused = save(maria, {"subject": "En till"}, status=422)
    assert "Du har redan 20 utkast." in refused.text
    assert steps.kept(refused, "subject") == "En till"
    # One of the twenty is still saved again.
    save(maria, {"subject": "Ändrad"}, f"/lamna/fraga?sparat={handles()[0]}")
    assert len(handles()) == saved_drafts.MAX_SAVED


def test_a_draft_is_gone_after_thirty_days(maria: Page, travel: steps.Travel) -> None:
    save(maria, LAMP)
    assert "Trasig gatlykta" not in steps.everything()
    travel.shift(29 * 24 * 3600)
    factories.run_jobs()
    assert len(handles()) == 1
    travel.shift(24 * 3600)
    assert handles() == []
    factories.run_jobs()
    assert steps.count("saved_draft") == 0


def with_file(page: Page) -> str:
    """Save a draft with a file; the address that opens it."""
    saved = post(page, page.get("/lamna/felanmalan"), LAMP | {"spara_utkast": "1"}, ("hål.txt", b"Hej"))
    return page.follow(saved).links["Fortsätt Trasig gatlykta"]


def test_the_files_of_a_draft_wait_as_long_as_it_does(
    maria: Page, travel: steps.Travel, citizen_page: SignedIn
) -> None:
    href = with_file(maria)
    travel.shift(29 * 24 * 3600)
    factories.run_jobs()
    form = citizen_page(factories.citizen()).get(href)
    assert listed(form) == ["hål.txt"]
    assert not form.has(".attach .ds-alert")


def test_the_files_of_a_draft_that_is_removed_are_gone_in_a_day(maria: Page, travel: steps.Travel) -> None:
    with_file(maria)
    maria.submit(maria.get("/mina-sidor"), "form[action$='/ta-bort']")
    travel.shift(26 * 3600)
    factories.run_jobs()
    assert steps.count("stored_file") == 0


def test_a_draft_says_that_its_files_are_gone(maria: Page) -> None:
    href = with_file(maria)
    db.close_read_session()
    with db.transaction():
        for row in db.session().scalars(sa.select(StoredFile)):
            uploads.remove(row)
    form = maria.get(href)
    assert form.text_of(".attach .ds-alert") == "En fil som du valde finns inte kvar hos oss. Välj den igen."
    assert listed(form) == []


def test_a_draft_is_saved_only_with_a_token(maria: Page) -> None:
    refused = maria.post("/lamna/felanmalan", LAMP | {"spara_utkast": "1"}, 422)
    assert steps.kept(refused, "subject") == "Trasig gatlykta"
    assert steps.count("saved_draft") == 0
