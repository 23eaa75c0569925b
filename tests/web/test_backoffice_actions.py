"""What staff do with a case: each action, twice, too late, without its token, where it is not allowed."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from portal import db
from portal.cases.enums import TaskKind
from portal.identity.actors import Role, Staff
from portal.notifications import outbox
from tests import factories
from tests.page import Document, Page
from tests.web import steps

TWO_AT_ONCE = "Någon hann före"
Prepare = Callable[["Case"], None]


@dataclass
class Case:
    """A case, Anna who handles it, and Eva who may do it too."""

    number: str
    anna: Page
    eva: Page
    officers: dict[str, Staff]

    def read(self, who: str = "anna") -> Document:
        """The case as somebody sees it."""
        page: Page = getattr(self, who)
        return page.get(steps.case_address(self.number))

    def do(self, action: str, who: str = "anna", **options: object) -> Document:
        """Open it, use a form, and go where that leads."""
        page: Page = getattr(self, who)
        return page.follow(steps.act(page, self.number, action, **options))

    @property
    def status(self) -> str:
        """Its status in words."""
        return self.read().text_of(".ds-tag")


@pytest.fixture
def case(app: Flask, staff_page: steps.SignIn) -> Case:
    anna, eva = factories.member(), factories.member("eva", Role.REGISTRAR, None)
    with app.app_context():
        number = factories.number(factories.send_in(email="maja@exempel.se"))
    return Case(number, staff_page(anna), staff_page(eva), {"anna": anna, "eva": eva})


def taken(case: Case) -> None:
    case.do("take")


def answered(case: Case) -> None:
    case.do("answer", changes={"body": "Den 1 juni."})


def closed(case: Case) -> None:
    case.do("answer", changes={"body": "Den 1 juni."}, button="Skicka och avsluta")


def fresh(_case: Case) -> None:
    """As it came in."""


def test_take_begins_the_handling_and_tells_the_sender(case: Case) -> None:
    shown = case.do("take")
    assert "Du handlägger ärendet." in shown.text
    assert case.status == "Pågår"
    assert not case.read().has("form[action$='/take']")
    assert case.read("eva").text_of("form[action$='/take'] button") == "Ta över ärendet"


def test_a_colleague_may_take_over(case: Case) -> None:
    case.do("take")
    assert "Eva tog över ärendet" in case.do("take", "eva").text


def test_assign_gives_the_case_to_somebody_and_begins_nothing(case: Case) -> None:
    shown = case.do("assign", changes={"officer": str(case.officers["eva"].membership)})
    assert " handlägger nu ärendet." in shown.text
    assert (case.status, shown.find("#assign-officer [selected]").get_text()) == ("Nytt", "Eva")
    assert "Anna gav ärendet till Eva" in shown.text


@pytest.mark.parametrize("officer", ["", "999999", "x", "1 OR 1=1", "9" * 30])
def test_a_case_cannot_be_given_to_nobody(case: Case, officer: str) -> None:
    fields, before = case.read().form("form[action$='/assign']").fields(), steps.stored()["case"]
    asked = case.anna.post(steps.case_address(case.number, "/assign"), fields | {"officer": officer}, 422)
    assert asked.errors() == ["Välj en handläggare i listan"]
    assert asked.find(".ds-error-summary a")["href"] == "#assign-officer"
    assert steps.stored()["case"] == before


def test_a_note_is_for_staff_alone_and_sends_nothing(case: Case) -> None:
    sent = steps.count("outbox")
    shown = case.do("note", changes={"body": "Hen har ringt."})
    assert "Anteckningen är sparad." in shown.text
    assert "bara för personal" in shown.text_of("[data-side=internal]")
    assert steps.count("outbox") == sent


def test_an_answer_leaves_the_case_open_and_close_shuts_it(case: Case) -> None:
    shown = case.do("answer", changes={"body": "Den 1 juni."})
    assert "Svaret är skickat till avsändaren med mejl." in shown.text
    assert case.status == "Besvarat"
    assert "Ärendet är avslutat." in case.do("close").text
    assert case.status == "Avslutat"


def test_answer_and_close_is_one_step(case: Case) -> None:
    shown = case.do("answer", changes={"body": "Den 1 juni."}, button="Skicka och avsluta")
    assert "Svaret är skickat till avsändaren med mejl. Ärendet är avslutat." in shown.text
    assert case.status == "Avslutat"


def test_the_first_button_answers_without_closing(case: Case) -> None:
    answer = case.read().form("form[action$='/answer']").button(None)
    assert answer is not None
    assert (answer.get_text(strip=True), "name" in answer.attrs) == ("Skicka svar", False)


@pytest.mark.parametrize("action", ["answer", "note"])
@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", {"answer": "Skriv svaret först", "note": "Skriv anteckningen först"}),
        ("a" * 20_001, "Texten är 1 tecken för lång. Den får vara högst 20 000 tecken."),
        ("Hej\x00", "Texten innehöll tecken som inte går att läsa. Vi tog bort dem. Läs igenom och skicka."),
    ],
)
def test_a_text_that_cannot_be_saved_is_kept_and_told(
    case: Case, action: str, written: str, message: str | dict[str, str]
) -> None:
    before = steps.stored()["message"]
    asked = steps.act(case.anna, case.number, action, changes={"body": written}, status=422)
    told = message if isinstance(message, str) else message[action]
    assert asked.errors() == [told]
    assert asked.text_of(f"#{action}-body-error") == told
    assert asked.find(".ds-error-summary a")["href"] == f"#{action}-body"
    assert steps.kept(asked, f"{action}-body") == written.replace("\x00", "")
    assert steps.stored()["message"] == before


@pytest.mark.parametrize(
    ("prepare", "action", "changes"),
    [
        (fresh, "take", {}),
        (fresh, "assign", {"officer": "1"}),
        (fresh, "note", {"body": "Hen har ringt."}),
        (fresh, "answer", {"body": "Den 1 juni."}),
        (answered, "close", {}),
    ],
)
def test_a_second_click_does_nothing_more(
    case: Case, prepare: Prepare, action: str, changes: dict[str, str]
) -> None:
    prepare(case)
    shown, form = case.read(), f"form[action$='/{action}']"
    first = case.anna.submit(shown, form, changes=changes)
    done = apart_from_readings()
    again = case.anna.submit(shown, form, changes=changes)
    assert again.location == first.location
    assert apart_from_readings() == done


def apart_from_readings() -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, apart from who has read what, and what somebody has begun to write."""
    private = {"read_log", "answer_draft"}
    return {table: rows for table, rows in steps.stored().items() if table not in private}


def test_the_other_button_after_the_first_closes_what_it_says_it_closes(case: Case) -> None:
    shown, changes = case.read(), {"body": "Den 1 juni."}
    case.anna.submit(shown, "form[action$='/answer']", changes=changes)
    told = case.anna.submit(
        case.read(), "form[action$='/answer']", changes=changes, button="Skicka och avsluta"
    )
    assert "Svaret är skickat till avsändaren med mejl. Ärendet är avslutat." in case.anna.follow(told).text
    assert case.status == "Avslutat"
    assert steps.count("message") == 2


@pytest.mark.parametrize(
    ("action", "changes"),
    [("take", {}), ("assign", {"officer": "1"}), ("answer", {"body": "Mitt långa svar.\nÅÄÖ"})],
)
def test_whoever_comes_second_loses_nothing_of_what_they_wrote(
    case: Case, action: str, changes: dict[str, str]
) -> None:
    shown = case.read()
    case.do("take", "eva")
    before = apart_from_readings()
    late = case.anna.submit(shown, f"form[action$='/{action}']", changes=changes, status=409)
    assert late.h1 == TWO_AT_ONCE
    assert apart_from_readings() == before
    for field, text in changes.items():
        assert steps.chosen(late, f"mine-{field}") == text
    assert late.has("button[name=again]") is bool(changes)
    assert late.links["Till ärendet"] == steps.case_address(case.number)


def test_close_after_a_colleague_changed_the_case_is_refused(case: Case) -> None:
    answered(case)
    shown = case.read()
    case.do("answer", "eva", changes={"body": "Jag lade till en sak."})
    assert case.anna.submit(shown, "form[action$='/close']", status=409).h1 == TWO_AT_ONCE
    assert case.status == "Besvarat"


def test_a_note_never_comes_second(case: Case) -> None:
    shown = case.read()
    case.do("take", "eva")
    case.anna.submit(shown, "form[action$='/note']", changes={"body": "Hen har ringt."})
    assert steps.count("message") == 2


@pytest.mark.parametrize(
    ("prepare", "refused"),
    [
        (fresh, {"close"}),
        (taken, {"close"}),
        (answered, set()),
        (closed, {"take", "assign", "answer"}),
    ],
)
def test_what_the_status_does_not_allow_is_neither_offered_nor_done(
    case: Case, prepare: Prepare, refused: set[str]
) -> None:
    prepare(case)
    shown, token = case.read("eva"), steps.token(case.eva)
    offered = {str(form["action"]).rsplit("/", 1)[-1] for form in shown.all("main form")}
    assert not offered & refused
    before = apart_from_readings()
    for action in refused:
        fields = {"body": "Sent", "officer": str(case.officers["eva"].membership), "csrf_token": token}
        case.eva.post(steps.case_address(case.number, f"/{action}"), fields, 409)
    assert apart_from_readings() == before


@pytest.mark.parametrize("action", ["take", "assign", "note", "answer", "close"])
@pytest.mark.parametrize("token", [None, "gissad"])
def test_without_its_token_nothing_is_done_and_the_text_is_kept(
    case: Case, action: str, token: str | None
) -> None:
    if action == "close":
        answered(case)
    form, before = case.read().form(f"form[action$='/{action}']"), apart_from_readings()
    fields = form.fields() | {"body": "Mitt svar.", "officer": "1", "csrf_token": token or ""}
    asked = case.anna.post(form.action, fields, 422)
    assert apart_from_readings() == before
    if action in ("note", "answer"):
        assert steps.kept(asked, f"{action}-body") == "Mitt svar."
        assert "Allt du skrev finns kvar. Skicka igen." in asked.text
        case.anna.submit(asked, f"form[action$='/{action}']")
        assert steps.count("message") == 2


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "９", "9" * 400])
def test_a_version_that_is_none_is_no_obstacle_and_no_harm(case: Case, version: str) -> None:
    fields = case.read().form("form[action$='/take']").fields() | {"version": version}
    case.anna.post(steps.case_address(case.number, "/take"), fields)
    assert case.status == "Pågår"


@pytest.mark.parametrize("action", ["explode", "submit", "reply", "TAKE", "take/", "adopt"])
def test_an_action_that_is_none_is_not_found(case: Case, action: str) -> None:
    fields = {"csrf_token": steps.token(case.anna), "body": "Hej"}
    case.anna.post(steps.case_address(case.number, f"/{action}"), fields, 404)
    case.anna.get(steps.case_address(case.number, "/take"), 405)


def add_task(case_id: int = 1) -> None:
    with db.transaction():
        outbox.add_task(case_id, TaskKind.UNDELIVERED)


def test_a_task_is_shown_until_somebody_has_seen_to_it(case: Case) -> None:
    add_task()
    shown = case.read()
    assert "Ett meddelande till avsändaren kom inte fram." in shown.text_of(".task")
    shown = case.anna.follow(case.anna.submit(shown, ".task form"))
    assert "Klart. Uppgiften är borta från ärendet." in shown.text
    assert not shown.has(".task")
    (task,) = steps.stored()["task"]
    assert task[-1] == case.officers["anna"].membership


def test_a_task_of_another_case_is_left_alone(case: Case, staff_page: steps.SignIn) -> None:
    other = factories.send_in()
    add_task(other.case)
    before = steps.stored()["task"]
    token = {"csrf_token": steps.token(case.anna)}
    case.anna.post(steps.case_address(case.number, "/uppgifter/1"), token)
    case.anna.post(steps.case_address(case.number, "/uppgifter/1"), {}, 422)
    assert steps.stored()["task"] == before


@pytest.mark.parametrize("task", ["0", "999", "9" * 10, "9" * 30])
def test_a_task_that_never_was_changes_nothing(case: Case, task: str) -> None:
    address, before = steps.case_address(case.number, f"/uppgifter/{task}"), steps.stored()
    answer = case.anna.client.post(address, data={"csrf_token": steps.token(case.anna)})
    assert answer.status_code in (303, 404)
    assert steps.stored() == before
