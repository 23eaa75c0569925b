"""Encryption at rest and keyed look-ups. Keys come from the settings, the newest first."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from portal.config import settings, split


def _fernet(keys: str) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in split(keys)])


def encrypt(text: str) -> bytes:
    """The text, readable only with a data key."""
    return _fernet(settings().data_keys).encrypt(text.encode())


def decrypt(token: bytes) -> str:
    """What encrypt() was given. Raises cryptography's InvalidToken."""
    return _fernet(settings().data_keys).decrypt(token).decode()


def index(purpose: str, value: str) -> bytes:
    """A keyed hash to look an encrypted value up by, under the newest index key."""
    return mac(split(settings().index_keys)[0], purpose, value)


def indexes(purpose: str, value: str) -> list[bytes]:
    """The same under every index key, the newest first: while keys change, both stand in the database."""
    return [mac(key, purpose, value) for key in split(settings().index_keys)]


def renewed(token: bytes) -> bytes | None:
    """The same text under the newest data key; None if that is the one already. Raises InvalidToken."""
    keys = split(settings().data_keys)
    try:
        Fernet(keys[0]).decrypt(token)
    except InvalidToken:
        return _fernet(settings().data_keys).rotate(token)
    return None


def mac(key: str, purpose: str, value: str) -> bytes:
    """HMAC-SHA256 with the purpose bound in, so that two uses of one key never meet."""
    return hmac.new(key.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


def fingerprint(purpose: str, value: str) -> bytes:
    """SHA-256 of a value that is already impossible to guess (80 random bits or more)."""
    return hashlib.sha256(f"{purpose}\0{value}".encode()).digest()


def cookie_box(purpose: str) -> Fernet:
    """A box for what a browser carries for us: it can neither read nor change it."""
    return Fernet(base64.urlsafe_b64encode(mac(settings().secret_key, "cookie", purpose)))


class Encrypted(TypeDecorator[str]):
    """A text column that only a data key opens."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else decrypt(value)
