"""What an address asks of the queue: read whole or in part, never an error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import Status
from portal.cases.queue.filters import PARAMETERS, Filters, Promise, Sort, View, canonical, read


def test_every_parameter_is_a_filter_of_its_own() -> None:
    address = {
        "vy": "newest",
        "q": " KB-2026-000123 ",
        "typ": "fraga",
        "amne": "parker",
        "handlaggare": "12",
        "lage": "in_progress",
        "enhet": "park",
        "vag": "phone",
        "niva": "4",
        "fran": "2026-05-01",
        "till": "2026-05-04",
        "lofte": "late",
        "ordning": "changed",
    }
    asked = read(address)
    assert set(address) == set(PARAMETERS)
    assert asked.passed_over == ()
    assert asked.filters == Filters(
        view=View.NEWEST,
        words="KB-2026-000123",
        kind=Kind.QUESTION,
        category="parker",
        officer="12",
        status=Status.IN_PROGRESS,
        unit="park",
        channel=Channel.PHONE,
        level=4,
        first=date(2026, 5, 1),
        last=date(2026, 5, 4),
        promise=Promise.LATE,
        sort=Sort.CHANGED,
    )


def test_nothing_asked_is_all_that_is_open_with_the_most_urgent_first() -> None:
    assert read({}).filters == Filters(view=View.OPEN, sort=Sort.DUE)
    assert read({"vy": "newest"}).filters.sort is Sort.NEWEST


def test_the_addresses_of_before_lead_where_they_led() -> None:
    assert [read({"vy": name}).filters.view for name in ("due", "newest", "mine", "unassigned")] == [
        View.OPEN,
        View.NEWEST,
        View.MINE,
        View.UNASSIGNED,
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vy", "allas"),
        ("typ", "onskemal"),
        ("amne", "Parker"),
        ("amne", "a" * 81),
        ("amne", "par\x00ker"),
        ("handlaggare", "0"),
        ("handlaggare", "1; DROP"),
        ("handlaggare", "9" * 30),
        ("handlaggare", "²"),
        ("lage", "RECEIVED"),
        ("vag", "duva"),
        ("niva", "0"),
        ("niva", "7"),
        ("niva", "12"),
        ("niva", "²"),
        ("fran", "2026-02-30"),
        ("fran", "20260501"),
        ("fran", "2026-W20-1"),
        ("till", "9999-12-31"),
        ("till", "0001-01-01"),
        ("till", "i går"),
        ("lofte", "kanske"),
        ("ordning", "id"),
    ],
)
def test_what_cannot_be_is_passed_over_and_named_and_the_rest_holds(name: str, text: str) -> None:
    asked = read({"vag": "web", name: text})
    assert asked.passed_over == (name,)
    assert asked.filters == Filters(channel=None if name == "vag" else Channel.WEB)


def test_a_view_that_somebody_does_not_have_is_passed_over() -> None:
    asked = read({"vy": "unit", "typ": "fraga"}, [View.OPEN, View.MINE])
    assert (asked.filters.view, asked.passed_over) == (View.OPEN, ("vy",))


@hypothesis(max_examples=50)
@given(st.dictionaries(st.sampled_from([*PARAMETERS, "sida", "efter"]), st.text(max_size=30)))
def test_no_address_is_an_error(address: dict[str, str]) -> None:
    asked = read(address)
    assert set(asked.passed_over) <= set(asked.address) <= set(PARAMETERS)
    assert canonical(asked.address) == asked.address


def test_two_addresses_that_ask_the_same_are_alike() -> None:
    assert canonical({"vy": "due", "ordning": "due", "typ": " fraga "}) == {"typ": "fraga"}
    assert canonical({"vy": "newest", "ordning": "newest"}) == {"vy": "newest"}
    assert canonical({"vy": "newest", "ordning": "due"}) == {"vy": "newest", "ordning": "due"}
