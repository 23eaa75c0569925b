"""Receipt codes: 80 bits that people can read, write and say."""

import hashlib
import hmac
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.intake import codes

KEYS, FORMS = st.text(min_size=1), st.text()
CODES = st.text(codes.SIGNS, min_size=codes.LENGTH, max_size=codes.LENGTH)


def test_the_alphabet_is_32_signs_without_those_that_look_alike() -> None:
    assert len(codes.SIGNS) == len(set(codes.SIGNS)) == 32
    assert set(codes.SIGNS) == set(string.digits + string.ascii_uppercase) - set("0O1I")


@given(KEYS, FORMS)
def test_a_code_is_sixteen_signs_of_the_alphabet(key: str, form: str) -> None:
    made = codes.code(key, form)
    assert len(made) == 16
    assert set(made) <= set(codes.SIGNS)


@given(KEYS, FORMS)
def test_a_code_holds_the_first_eighty_bits_of_the_hmac_and_loses_none(key: str, form: str) -> None:
    value = 0
    for sign in codes.code(key, form):
        value = value * 32 + codes.SIGNS.index(sign)
    assert value.to_bytes(10, "big") == hmac.new(key.encode(), form.encode(), hashlib.sha256).digest()[:10]


@given(KEYS, FORMS, FORMS)
def test_the_same_form_gives_the_same_code_and_another_gives_another(key: str, one: str, other: str) -> None:
    assert (codes.code(key, one) == codes.code(key, other)) is (one == other)


@given(FORMS)
def test_another_key_gives_another_code(form: str) -> None:
    assert codes.code("one key", form) != codes.code("another key", form)


@given(CODES)
def test_a_code_is_shown_in_four_groups_of_four(code: str) -> None:
    shown = codes.groups(code)
    assert [len(group) for group in shown] == [4, 4, 4, 4]
    assert "".join(shown) == code


@given(CODES, st.text("-–—. \t\n\u00a0", max_size=4), st.booleans())
def test_small_letters_spaces_hyphens_and_dots_are_forgiven(code: str, between: str, small: bool) -> None:
    written = between + between.join(codes.groups(code)) + between
    assert codes.normalise(written.lower() if small else written) == code


@given(st.text())
def test_what_is_not_sixteen_signs_of_the_alphabet_is_no_code(written: str) -> None:
    plain = codes.normalise(written)
    assert plain is None or (len(plain) == 16 and set(plain) <= set(codes.SIGNS))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ABCD",
        "ABCD-EFGH-JKLM-NPQ",
        "ABCD-EFGH-JKLM-NPQRS",
        "ABCD-EFGH-JKLM-NPQ0",
        "ABCD-EFGH-JKLM-NPQO",
        "ABCD-EFGH-JKLM-NPQ1",
        "ABCD-EFGH-JKLM-NPQI",
        "ABCD-EFGH-JKLM-NPQÅ",
        "ABCD_EFGH_JKLM_NPQR",
        "٢٣٤٥-EFGH-JKLM-NPQR",
    ],
)
def test_what_no_code_can_be_is_refused(written: str) -> None:
    assert codes.normalise(written) is None
