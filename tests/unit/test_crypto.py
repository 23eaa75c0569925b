"""Encryption at rest and keyed look-ups."""

import datetime as dt

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from portal import config, crypto

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def use(**given_: str) -> None:
    """Settings of a test, as if the environment had given them."""
    config.use(config.load(env="development", **given_))


@pytest.fixture(autouse=True)
def keys() -> None:
    use(data_keys=NEW, index_keys="index-key", secret_key="secret-key")


@given(TEXTS)
def test_what_is_encrypted_is_read_back(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text)) == text


def test_the_same_text_never_looks_the_same_twice_and_shows_nothing() -> None:
    one, other = crypto.encrypt("räksmörgås"), crypto.encrypt("räksmörgås")
    assert one != other
    assert "räksmörgås".encode() not in one


def test_an_old_key_still_reads_and_the_newest_one_writes() -> None:
    use(data_keys=OLD)
    old = crypto.encrypt("före bytet")
    use(data_keys=f"{NEW}, {OLD}")
    assert crypto.decrypt(old) == "före bytet"
    new = crypto.encrypt("efter bytet")
    use(data_keys=NEW)
    assert crypto.decrypt(new) == "efter bytet"


def test_a_key_that_is_gone_reads_nothing() -> None:
    use(data_keys=OLD)
    old = crypto.encrypt("före bytet")
    use(data_keys=NEW)
    with pytest.raises(InvalidToken):
        crypto.decrypt(old)


def test_a_changed_token_is_refused() -> None:
    token = bytearray(crypto.encrypt("text"))
    token[20] ^= 1
    with pytest.raises(InvalidToken):
        crypto.decrypt(bytes(token))


def test_an_index_finds_the_same_value_under_the_newest_key_alone() -> None:
    here = crypto.blind_index("identity-number", "value")
    assert here == crypto.blind_index("identity-number", "value")
    use(index_keys="newer-key,index-key")
    assert here != crypto.blind_index("identity-number", "value")
    use(index_keys="index-key,older-key")
    assert here == crypto.blind_index("identity-number", "value")


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_two_purposes_never_meet(one: tuple[str, str], other: tuple[str, str]) -> None:
    alike = [crypto.mac("key", *each) for each in (one, other)]
    if "\0" not in "".join(one + other):
        assert (alike[0] == alike[1]) is (one == other)


def test_a_fingerprint_depends_on_purpose_and_value() -> None:
    made = {crypto.fingerprint(purpose, value) for purpose in ("code", "grant") for value in ("a", "b")}
    assert len(made) == 4
    assert {len(each) for each in made} == {32}


def test_a_cookie_cipher_opens_for_its_own_purpose_and_secret_alone() -> None:
    sealed = crypto.cookie_cipher("kvitto").encrypt(b"code")
    assert crypto.cookie_cipher("kvitto").decrypt(sealed) == b"code"
    with pytest.raises(InvalidToken):
        crypto.cookie_cipher("other").decrypt(sealed)
    use(secret_key="another-secret")
    with pytest.raises(InvalidToken):
        crypto.cookie_cipher("kvitto").decrypt(sealed)


def test_a_cookie_cipher_can_tell_the_age_of_what_it_holds() -> None:
    box, at = crypto.cookie_cipher("kvitto"), int(dt.datetime(2026, 3, 2, tzinfo=dt.UTC).timestamp())
    sealed = box.encrypt_at_time(b"code", at)
    assert box.decrypt_at_time(sealed, ttl=1800, current_time=at + 1800) == b"code"
    with pytest.raises(InvalidToken):
        box.decrypt_at_time(sealed, ttl=1800, current_time=at + 1801)
