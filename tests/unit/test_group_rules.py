"""A group answer: each sender gets their own greeting and number, and no other sender is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.groups.rules import Identity, digits, named, personal
from portal.formats.anonymisation import names

MAJA = {"kept": "Maja Ek", "name": "Maja", "number": "KB-2026-000001"}
YUSUF = {"own_name": "Yusuf", "own_number": "KB-2026-000002"}


@pytest.mark.parametrize(
    ("text", "personal_text"),
    [
        ("Hej Maja!\n\nGungan är lagad.", "Hej Yusuf!\n\nGungan är lagad."),
        ("Hej Maja Ek,\n\nGungan är lagad.", "Hej Yusuf,\n\nGungan är lagad."),
        ("hej MAJA\nGungan är lagad.", "hej Yusuf\nGungan är lagad."),
        ("God morgon Maja.", "God morgon Yusuf."),
        ("Dear Maja,", "Dear Yusuf,"),
        ("Hej!\n\nGungan är lagad.", "Hej!\n\nGungan är lagad."),
        ("Hej Majalisa!", "Hej Majalisa!"),
        ("Svar i ärende kb-2026-000001.", "Svar i ärende KB-2026-000002."),
        ("Se KB-2026-0000012.", "Se KB-2026-0000012."),
        ("Vi hörde av Maja i går.", "Vi hörde av Maja i går."),
    ],
)
def test_greeting_and_number_become_those_of_the_reader(text: str, personal_text: str) -> None:
    assert personal(text, **MAJA, **YUSUF) == personal_text


def test_a_reader_without_a_name_is_greeted_without_one() -> None:
    assert personal("Hej Maja!", **MAJA, own_name="", own_number="KB-2026-000002") == "Hej!"


def test_a_text_to_a_sender_without_a_name_gets_none() -> None:
    text = "Hej du!"
    assert personal(text, kept="", name="", number="KB-2026-000001", **YUSUF) == text


WHO = Identity(
    names=names("Maja Ek", "Bo af Ek-Lind"),
    emails=frozenset({"maja@exempel.se"}),
    numbers=digits("+46701740605", "198406092380"),
    references=frozenset({"KB-2026-000001"}),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Maja skrev först.", ["Maja"]),
        ("Det var majas gunga.", ["majas"]),
        ("Bo bor här.", ["Bo"]),
        ("Hon vill bo kvar.", []),
        ("Familjen Lind.", ["Lind"]),
        ("Skriv till Maja@Exempel.se.", ["Maja", "Maja@Exempel.se"]),
        ("Ring 070-174 06 05.", ["070-174 06 05"]),
        ("Ring +46 70 174 06 05", ["+46 70 174 06 05"]),
        ("840609-2380", ["840609-2380"]),
        ("Se kb-2026-000001.", ["KB-2026-000001"]),
        ("Eken är gammal. Majalisa bor på Lindgatan 12.", []),
        ("Klart 2026-05-18, kostnad 12 000 kr.", []),
    ],
)
def test_whoever_is_named_is_seen(text: str, words: list[str]) -> None:
    assert named(text, WHO) == words


@given(st.text(max_size=200))
def test_a_text_that_is_about_nobody_is_sent_as_it_is(text: str) -> None:
    assert named(text, Identity()) == []
    assert personal(text, "", "", "KB-2026-000001", "", "KB-2026-000001") == text


@given(st.text(max_size=80), st.sampled_from(["Maja", "Ek"]), st.text(max_size=80))
def test_a_name_that_stands_alone_is_seen_wherever_it_is(before: str, name: str, after: str) -> None:
    assert name in named(f"{before} {name} {after}", WHO)


@given(st.sampled_from(["a", "Hej ", "0", " 07", "@", "Maja", "KB-2026-000001"]), st.integers(1, 2000))
def test_a_long_text_of_one_kind_takes_no_time(piece: str, times: int) -> None:
    text = piece * times
    named(text, WHO)
    personal(text, **MAJA, **YUSUF)
