"""Tokens of messages in addresses that others call: made for one message and purpose, and unguessable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import config
from portal.notifications import tokens
from portal.notifications.tokens import Purpose


@pytest.fixture(autouse=True, scope="module")
def settings() -> None:
    config.use(config.load(env="development"))


@given(st.integers(0, tokens.MAX_ID), st.sampled_from(Purpose))
def test_a_token_names_its_message(message: int, purpose: Purpose) -> None:
    assert tokens.read(purpose, tokens.make(purpose, message)) == message


@given(st.integers(0, tokens.MAX_ID), st.sampled_from(Purpose), st.sampled_from(Purpose))
def test_a_token_serves_one_purpose(message: int, made_for: Purpose, read_as: Purpose) -> None:
    found = tokens.read(read_as, tokens.make(made_for, message))
    assert (found == message) is (made_for is read_as)


def test_the_case_of_its_letters_may_be_lost_on_the_way() -> None:
    token = tokens.make(Purpose.BOUNCE, 17)
    assert tokens.read(Purpose.BOUNCE, token.upper()) == 17


@given(st.text(max_size=60))
def test_what_was_made_up_names_nothing(text: str) -> None:
    assert tokens.read(Purpose.REPORT, text) is None


@pytest.mark.parametrize("number", ["0017", "+17", "-17", "17 ", "¹7", "9" * 100_000])
def test_a_number_that_is_written_in_another_way_is_refused(number: str) -> None:
    _number, _dash, mac = tokens.make(Purpose.REPORT, 17).partition("-")
    assert tokens.read(Purpose.REPORT, f"{number}-{mac}") is None


def test_a_token_and_a_tag_fit_into_the_local_part_of_an_address() -> None:
    assert len("kontakt-studs+" + tokens.make(Purpose.BOUNCE, tokens.MAX_ID)) <= 64
