"""The queue: its views, their order, their counts, its filters, and the pages of a long one."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.cases.queue import counts as counting
from portal.identity.actors import Role
from tests import bulk_cases, factories
from tests.page import Document, Page
from tests.web import steps

MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
NOTES = ".ds-alert[data-color=info] p"


@pytest.fixture
def page(app: Flask, staff_page: steps.SignIn, travel: steps.Travel) -> Page:
    """A registrar, who sees every case."""
    return staff_page(factories.member("eva", Role.REGISTRAR, None))


def arrive(subject: str, days_ago: int = 0, **given: str | None) -> str:
    with clock.at(MONDAY - timedelta(days=days_ago)):
        return factories.number(factories.send_in(subject=subject, **given))


def subjects(shown: Document) -> list[str]:
    return [link.get_text(strip=True) for link in shown.all("td.what a")]


def queue(page: Page, view: str = "", **parameters: str) -> Document:
    return page.get("/handlaggning/", query_string={"vy": view, **parameters})


def counts(shown: Document) -> dict[str, int]:
    views = [link.get_text(" ", strip=True).rsplit(" ", 1) for link in shown.all(".views a:has(span)")]
    return {label: int(count) for label, count in views if count != "0"}


def notes(shown: Document) -> list[str]:
    return [" ".join(note.get_text().split()) for note in shown.all(NOTES)]


def test_an_empty_queue_says_what_will_come(page: Page) -> None:
    shown = queue(page)
    assert (shown.h1, shown.text_of(".empty h2")) == ("Alla öppna", "Inga öppna ärenden")
    assert "Inga ärenden" in shown.text
    mine = queue(page, "mine")
    assert mine.text_of(".empty h2") == "Du har inga öppna ärenden"
    assert page.get(mine.links["Se vad som ska fördelas"]).h1 == "Att fördela"
    narrowed = queue(page, "mine", typ="fraga")
    assert narrowed.text_of(".empty h2") == "Inga ärenden passar filtret"
    assert page.get(narrowed.links["Rensa filtret"]).text_of(".empty h2") == "Du har inga öppna ärenden"


def test_the_menu_has_what_makes_sense_to_each_and_its_parts(page: Page, staff_page: steps.SignIn) -> None:
    parts = ["Mitt", "Alla jag ser", "Att ta hand om"]
    assert [tag.get_text() for tag in queue(page).all(".views-label")] == parts
    assert "Enhetens ärenden 0" not in queue(page).links
    assert "Enhetens ärenden 0" in queue(staff_page(factories.member("anna"))).links
    reader = staff_page(factories.member("samir", Role.RECORDS_OFFICER, None))
    assert [tag.get_text() for tag in queue(reader).all(".views-label")] == parts[1:]


def test_the_most_urgent_comes_first_and_the_newest_in_its_own_view(page: Page) -> None:
    for subject, days_ago in [("ny", 0), ("gammal", 20), ("mellan", 5)]:
        arrive(subject, days_ago)
    assert subjects(queue(page)) == ["gammal", "mellan", "ny"]
    assert subjects(queue(page, "unassigned")) == ["gammal", "mellan", "ny"]
    assert subjects(queue(page, "newest")) == ["ny", "mellan", "gammal"]
    states = [cell.get("data-state") for cell in queue(page).all("td.due")]
    assert states[0] == "late"
    assert states[-1] == ""
    assert counts(queue(page))["Försenade"] == 1
    assert queue(page).text_of(".views [data-state=late]") == "1"


def test_the_heads_of_the_columns_sort(page: Page) -> None:
    for subject, days_ago in [("ny", 0), ("gammal", 20), ("mellan", 5)]:
        arrive(subject, days_ago)
    shown = queue(page, "unassigned")
    assert shown.find("[aria-sort]")["data-column"] == "due"
    newest = page.get(shown.links["Kom in"])
    assert (newest.h1, subjects(newest)) == ("Att fördela", ["ny", "mellan", "gammal"])
    assert newest.find("[aria-sort]")["aria-sort"] == "descending"
    oldest = page.get(newest.links["Kom in"])
    assert subjects(oldest) == ["gammal", "mellan", "ny"]
    assert oldest.find("[aria-sort]")["aria-sort"] == "ascending"
    assert "3 ärenden, det äldsta först" in oldest.text
    steps.act(page, arrive("sist"), "note", changes={"body": "Ändrat."})
    assert subjects(page.get(oldest.links["Ändrat"]))[0] == "sist"
    assert page.get(oldest.links["Svar senast"]).response.request.url == shown.response.request.url


def test_mine_and_unassigned_part_the_open_cases(page: Page) -> None:
    taken, _other = arrive("tagen"), arrive("ingens")
    steps.act(page, taken, "take")
    assert subjects(queue(page, "mine")) == ["tagen"]
    assert subjects(queue(page, "unassigned")) == ["ingens"]
    assert queue(page, "mine").text_of("td.handler").startswith("Du")
    views = {"Alla öppna": 2, "Mina ärenden": 1, "Att fördela": 1}
    # Nobody works in the unit of these cases.
    assert counts(queue(page)) == views | {"Utan handläggare": 2, "Behöver åtgärdas": 2}


def test_what_is_answered_leaves_the_open_views_and_stays_among_the_newest(page: Page) -> None:
    steps.act(page, arrive("besvarad"), "answer", changes={"body": "Ja."})
    assert subjects(queue(page)) == subjects(queue(page, "mine")) == []
    shown = queue(page, "newest")
    assert (subjects(shown), shown.text_of("td .ds-tag[data-color=success]")) == (["besvarad"], "Besvarat")


def test_the_filters_are_sent_as_an_address_and_stand_as_they_were_chosen(page: Page) -> None:
    arrive("gungan")
    arrive("gatan", category="gator")
    assert queue(page).form("form.filters").names() >= {
        "q",
        "typ",
        "amne",
        "lage",
        "enhet",
        "vag",
        "niva",
        "lofte",
        "fran",
    }
    form = queue(page, "unassigned", ordning="oldest")
    shown = page.submit(
        form, "form.filters", changes={"amne": "gator", "lage": "received", "fran": "2026-05-01"}
    )
    assert (shown.h1, subjects(shown)) == ("Att fördela", ["gatan"])
    again = shown.form("form.filters").fields()
    assert (again["amne"], again["lage"], again["fran"]) == (["gator"], ["received"], ["2026-05-01"])
    assert (again["vy"], again["ordning"]) == (["unassigned"], ["oldest"])
    assert "Filter, 3 valda" in shown.text
    assert shown.find(".filter-more").has_attr("open")
    assert subjects(page.get(shown.links["Rensa filtret"])) == ["gungan", "gatan"]


def test_the_level_is_a_filter_with_its_words_and_what_is_none_is_named(page: Page) -> None:
    arrive("gungan")
    shown = page.submit(queue(page), "form.filters", changes={"niva": "6"})
    assert subjects(shown) == []
    chosen = shown.find("#niva [selected]")
    assert (chosen["value"], chosen.get_text(strip=True)) == ("6", "6 Värderande beslut")
    assert notes(queue(page, niva="7")) == [
        "Vi hoppade över det som inte gick att läsa i adressen: ROSA-nivå."
    ]


def test_a_number_leads_straight_to_its_case(page: Page) -> None:
    number = arrive("gungan")
    sent = page.submit(queue(page), "form.filters", changes={"q": f" {number.lower()} "}, status=303)
    assert page.follow(sent).h1 == "gungan"
    lost = queue(page, q="KB-2026-000999")
    assert notes(lost) == ["Det finns inget ärende KB-2026-000999 som du kan se."]


def test_a_number_of_what_one_may_not_see_leads_nowhere(page: Page, staff_page: steps.SignIn) -> None:
    number = arrive("gungan")
    samir = staff_page(factories.member("samir", unit="gata"))
    assert notes(queue(samir, q=number)) == [f"Det finns inget ärende {number} som du kan se."]


def test_what_cannot_be_read_is_said_and_the_rest_is_shown(page: Page) -> None:
    arrive("gungan")
    arrive("gatan", category="gator")
    shown = queue(page, "allas", lage="\x00", fran="i går", amne="parker", enhet="borta", handlaggare="4711")
    assert subjects(shown) == ["gungan"]
    assert notes(shown) == [
        "Vi hoppade över det som inte gick att läsa i adressen: vy, läge, kom in tidigast.",
        "Något finns inte längre: enhet, handläggare. Här är resten.",
    ]
    assert "enhet=" not in shown.links["Kom in"]


def test_a_colleague_is_not_named_to_somebody_who_sees_none_of_their_cases(
    page: Page, staff_page: steps.SignIn
) -> None:
    anna = factories.member("anna")
    samir = staff_page(factories.member("samir", unit="gata"))
    shown = queue(samir, handlaggare=str(anna.membership))
    assert "Anna" not in shown.text
    assert shown.text_of("#handlaggare [selected]") == "Någon utan ärenden här"
    assert notes(shown) == []


def test_a_long_queue_has_pages_with_every_case_once(page: Page) -> None:
    for number in range(30):
        arrive(f"ärende {number:02d}")
    first = queue(page, typ="klagomal")
    assert (len(subjects(first)), "30 ärenden" in first.text) == (25, True)
    second = page.get(first.links["Nästa"])
    assert sorted(subjects(first) + subjects(second)) == [f"ärende {number:02d}" for number in range(30)]
    assert "Nästa" not in second.links
    assert subjects(page.get(second.links["Föregående"])) == subjects(first)
    assert "Föregående" not in first.links
    assert len({row["data-number"] for row in first.all("tbody tr")}) == 25


@pytest.mark.parametrize("sort", ["due", "newest"])
def test_each_page_of_a_queue_says_which_rows_it_has(page: Page, sort: str) -> None:
    for number in range(60):
        arrive(f"ärende {number:02d}")
    shown = queue(page, ordning=sort)
    ranges = []
    while True:
        ranges.append(shown.text_of("nav[aria-label=Sidor] .muted"))
        if "Nästa" not in shown.links:
            break
        shown = page.get(shown.links["Nästa"])
    assert ranges == ["1–25 av 60", "26–50 av 60", "51–60 av 60"]


@pytest.mark.parametrize("cursor", ["x", "å", "\x00", "A" * 2000, "ZHVlIDIwMjYtMDItMzAgMQ=="])
def test_a_place_that_is_broken_is_the_first_page_with_a_word_of_it(page: Page, cursor: str) -> None:
    arrive("ett")
    for name in ("efter", "fore"):
        shown = queue(page, **{name: cursor})
        assert (subjects(shown), notes(shown)) == (
            ["ett"],
            ["Platsen i listan gick inte att läsa. Här är början."],
        )


def test_more_than_a_thousand_are_not_counted(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk_cases.cases(40)
    monkeypatch.setattr(counting, "MAX_COUNT", 10)
    shown = queue(page, "open")
    assert "Fler än 1\N{NO-BREAK SPACE}000 ärenden, det mest" in shown.find(".queue-head").get_text()
    assert "1\N{NO-BREAK SPACE}000+" in shown.find(".views [aria-current]").get_text()


def test_more_than_a_hundred_of_all_statuses_are_not_counted(page: Page) -> None:
    bulk_cases.cases(140)
    shown = queue(page, "newest")
    assert "Fler än 100 ärenden, det senaste först" in shown.find(".queue-head").get_text()
    assert not shown.has(".views [aria-current] span")


def test_a_row_leads_to_its_case(page: Page) -> None:
    number = arrive("gungan")
    shown = page.get(queue(page).links["gungan"])
    assert (shown.h1, shown.path) == ("gungan", steps.case_address(number))
    assert shown.links["Ärenden"].startswith("/handlaggning/")


def test_no_text_of_a_case_is_lost_or_bent(page: Page) -> None:
    arrive("<b>Lekplats & gunga</b> " + "å" * 150)
    assert subjects(queue(page))[0].startswith("<b>Lekplats & gunga</b>")
