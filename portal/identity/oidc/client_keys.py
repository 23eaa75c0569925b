"""The client's private keys for private_key_jwt: a JWK Set in a file, of which the first key signs.

The file is read again when it changes, so keys rotate without a restart.
"""

import json
import os
from pathlib import Path

from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, KeySet, KeySetSerialization, RSAKey

from portal import clock
from portal.config import BadSetting, settings

KINDS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
# Seconds that an assertion is valid: it is used at once.
TTL = 60
Key = RSAKey | ECKey

_cache: tuple[tuple[str, int, int], list[Key]] | None = None


class NoSuchKey(Exception):
    """No key has that id, or the step would leave no key that signs."""


def path() -> Path | None:
    """Return the path of the key file; None if the setting is empty."""
    return Path(settings().oidc_client_keys) if settings().oidc_client_keys else None


def load() -> list[Key]:
    """Return the keys, the signing one first; empty without a file. Raises BadSetting."""
    global _cache
    file = path()
    if file is None or not file.exists():
        return []
    stat = file.stat()
    # The inode too: a file that is replaced twice within the clock's resolution has the same time.
    version = (str(file), stat.st_mtime_ns, stat.st_ino)
    if _cache is None or _cache[0] != version:
        _cache = (version, _parse(file))
    return _cache[1]


def _parse(file: Path) -> list[Key]:
    try:
        described = json.loads(file.read_text(encoding="utf-8"))["keys"]
        imported = [JWKRegistry.import_key(jwk) for jwk in described if jwk["kty"] in KINDS.values()]
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        # Only the type, and no cause: a parser's message may quote the private key.
        raise BadSetting(f"PORTAL_OIDC_CLIENT_KEYS cannot be read: {type(error).__name__}") from None
    keys = [key for key in imported if isinstance(key, Key) and _is_client_key(key)]
    if len(keys) != len(described):
        raise BadSetting("PORTAL_OIDC_CLIENT_KEYS holds a key that `client-key new` did not make")
    return keys


def _is_client_key(key: Key) -> bool:
    return key.is_private and key.alg in KINDS and bool(key.kid)


def published() -> KeySetSerialization:
    """Return the JWK Set of the public keys, which the providers fetch."""
    return KeySet(list(load())).as_dict(private=False)


def assertion(client_id: str, audience: str) -> str:
    """Return a new client assertion (RFC 7523, section 3). Raises NoSuchKey."""
    signer = next(iter(load()), None)
    if signer is None:
        raise NoSuchKey("PORTAL_OIDC_CLIENT_KEYS holds no key")
    now = int(clock.now().timestamp())
    signed: str = private_key_jwt_sign(
        signer,
        client_id,
        audience,
        alg=str(signer.alg),
        claims={"iat": now, "exp": now + TTL},
        header={"kid": str(signer.kid)},
    )
    return signed


def add(algorithm: str) -> str:
    """Generate a key and append it; returns its id. The first key of an empty file signs at once."""
    size = 3072 if KINDS[algorithm] == "RSA" else "P-256"
    key = JWKRegistry.generate_key(KINDS[algorithm], size, {"alg": algorithm, "use": "sig"}, auto_kid=True)
    assert isinstance(key, Key)
    # Last: the providers must have fetched the public key before anything is signed with it.
    _write([*load(), key])
    return str(key.kid)


def use(kid: str) -> None:
    """Make this the signing key; the others remain published. Raises NoSuchKey."""
    chosen = _key_with_id(kid)
    _write([chosen, *(key for key in load() if key is not chosen)])


def remove(kid: str) -> None:
    """Delete a key that is not the signing one. Raises NoSuchKey."""
    removed = _key_with_id(kid)
    if removed is load()[0]:
        raise NoSuchKey("that key signs: let another sign first")
    _write([key for key in load() if key is not removed])


def _key_with_id(kid: str) -> Key:
    for key in load():
        if key.kid == kid:
            return key
    raise NoSuchKey(f"no key {kid}")


def _write(keys: list[Key]) -> None:
    file = path()
    if file is None:
        raise NoSuchKey("PORTAL_OIDC_CLIENT_KEYS is not set")
    # A new file, readable by its owner only, replaces the old one at once: no reader gets half of it.
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(KeySet(list(keys)).as_dict(private=True), out, indent=1)
    new.replace(file)
