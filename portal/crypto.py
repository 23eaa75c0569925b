"""Encryption at rest and keyed hashes for lookups. Keys come from the settings, newest first."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from portal.config import settings, split_keys

# The time in every token of the database.
UNDATED = 0


@lru_cache(4)
@lru_cache(8)
def _fernet(keys: str) -> MultiFernet:
    # MultiFernet encrypts with the first key and decrypts with any of them.
    return MultiFernet([Fernet(key) for key in split_keys(keys)])


def encrypt(text: str) -> bytes:
    """Encrypt a text with the newest data key (Fernet: AES-128-CBC with HMAC-SHA256)."""
    # A token states in plain when it was made, and that would date the row of a sign-in to the second.
    return _fernet(settings().data_keys).encrypt_at_time(text.encode(), UNDATED)


def decrypt(token: bytes) -> str:
    """Decrypt a token from encrypt() with any data key. Raises cryptography.fernet.InvalidToken."""
    return _decrypt(settings().data_keys, token)


def decrypt_once(token: bytes) -> str:
    """As decrypt(), for a text that is used once: it is not kept in memory."""
    return _fernet(settings().data_keys).decrypt(token).decode()


# A list shows the same few names again and again. The texts are in this process's memory anyway.
@lru_cache(4096)
def _decrypt(keys: str, token: bytes) -> str:
    return _fernet(keys).decrypt(token).decode()


def blind_index(purpose: str, value: str) -> bytes:
    """Keyed hash for finding a row by an encrypted value, under the newest index key."""
    # Fernet is randomised, so equal values have different tokens; a personnummer has too few possible
    # values for a hash without a key.
    return mac(split_keys(settings().index_keys)[0], purpose, value)


def blind_indexes(purpose: str, value: str) -> list[bytes]:
    """blind_index() under every index key, newest first: during rotation the database holds several."""
    return [mac(key, purpose, value) for key in split_keys(settings().index_keys)]


def rotate_token(token: bytes) -> bytes | None:
    """Encrypt the text of a token with the newest data key; None if it is already. Raises InvalidToken."""
    keys = split_keys(settings().data_keys)
    try:
        Fernet(keys[0]).decrypt(token)
    except InvalidToken:
        return encrypt(decrypt(token))
    return None


def mac(key: str, purpose: str, value: str) -> bytes:
    """HMAC-SHA256 of a value, bound to a purpose so that one key can serve several."""
    # A NUL is in no purpose, so no other pair of purpose and value gives the same message.
    return hmac.new(key.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


def fingerprint(purpose: str, value: str) -> bytes:
    """SHA-256 of a value of at least 80 random bits, which needs no key against guessing."""
    return hashlib.sha256(f"{purpose}\0{value}".encode()).digest()


def cookie_cipher(purpose: str) -> Fernet:
    """Cipher for values kept in the browser: unreadable to it and tamper-proof."""
    return Fernet(base64.urlsafe_b64encode(mac(settings().secret_key, "cookie", purpose)))


class Encrypted(TypeDecorator[str]):
    """Text column that is encrypted in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt before the value is stored."""
        return None if value is None else encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt the stored value; empty bytes, as after the loss of the keys, are an empty text."""
        return decrypt(bytes(value)) if value else (None if value is None else "")
