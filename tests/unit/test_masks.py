"""An address shown so that its owner knows it and nobody else learns it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.words.masks import masked_email, masked_phone


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("maria@exempel.se", "m•••@exempel.se"),
        ("m@exempel.se", "m•••@exempel.se"),
        ("åsa.öberg+kontakt@räksmörgås.se", "å•••@räksmörgås.se"),
    ],
)
def test_the_first_letter_and_the_domain_are_shown(address: str, shown: str) -> None:
    assert masked_email(address) == shown


@given(st.from_regex(r"[a-z][a-z0-9.]{1,30}", fullmatch=True))
def test_neither_the_name_nor_its_length_can_be_read(name: str) -> None:
    assert masked_email(f"{name}@exempel.se") == masked_email(f"{name[0]}@exempel.se")


@pytest.mark.parametrize(
    ("number", "shown"), [("+46701740605", "07•• ••• •05"), ("+4915112345678", "+4•• ••• •78")]
)
def test_a_number_is_known_by_its_first_and_last_digits(number: str, shown: str) -> None:
    assert masked_phone(number) == shown
