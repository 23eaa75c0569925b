"""The texts of all messages are those that were approved, with what a profile adds to them."""

import pytest
from flask import Flask

from portal.notifications import segments
from portal.notifications.examples import examples
from portal.notifications.rules import BOUND_TO_ADDRESS, NOTICE
from portal.organisation import loading
from portal.organisation.loading import SHIPPED, ProfileError
from tests.approved_messages import LANGUAGES, approved, printed

ADDED = '[[messages]]\nkey = "{key}"\ntext = "{text}"\n'


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_message_has_the_text_that_was_approved(inside: Flask, language: str) -> None:
    assert printed(language) == approved(language).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_message_fits_into_one_part(inside: Flask, language: str) -> None:
    texts = {each.name: segments.count(each.sms.text) for each in examples(language) if each.sms}
    assert {name: text for name, text in texts.items() if text.parts > 1} == {}


def with_message(key: str, text: str) -> str:
    return (SHIPPED / "burlov.toml").read_text(encoding="utf-8") + ADDED.format(key=key, text=text)


def test_what_a_profile_adds_is_in_its_message_with_the_values_filled_in(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = loading.parse(with_message("received", "Säg {nummer} om du ringer {kommun}."), "test")
    monkeypatch.setattr("portal.organisation.queries.profile", lambda: added)
    texts = {each.name: each.email for each in examples("sv")}
    line = "Säg KB-2026-000123 om du ringer Burlövs kommun."
    assert {name for name, email in texts.items() if line in email.text} == {"received"}
    assert line in (texts["received"].html or "")


@pytest.mark.parametrize("text", ["Hej {namn}", "Om {rubrik}", "{okänt}", "{nummer", "Av {handläggare}"])
def test_what_says_something_of_the_sender_or_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ProfileError, match=r"use \{nummer\}"):
        loading.parse(with_message("received", text), "test")


@pytest.mark.parametrize("key", ["finns-inte", NOTICE, *sorted(BOUND_TO_ADDRESS)])
def test_nothing_is_added_to_an_unknown_message_or_to_one_about_who_reads_the_case(key: str) -> None:
    with pytest.raises(ProfileError, match="messages"):
        loading.parse(with_message(key, "Hej."), "test")


def test_a_message_gets_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = with_message("received", "Ett.") + ADDED.format(key="received", text="Två.")
    with pytest.raises(ProfileError, match="received"):
        loading.parse(twice, "test")
