"""Our own keys at the providers (private_key_jwt): a file of private keys, of which the first one signs.

The file is read again when it changes, so a key is changed while the portal runs.
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
TTL = 60
Key = RSAKey | ECKey

_read: tuple[tuple[str, int, int], list[Key]] | None = None


class NoSuchKey(Exception):
    """No key has that id, or the step would leave none that signs."""


def path() -> Path | None:
    """Where the keys are, if the installation has any."""
    return Path(settings().oidc_client_keys) if settings().oidc_client_keys else None


def own() -> list[Key]:
    """All of them, the one that signs first; none without a file. Raises BadSetting."""
    global _read
    file = path()
    if file is None or not file.exists():
        return []
    found = file.stat()
    version = (str(file), found.st_mtime_ns, found.st_ino)
    if _read is None or _read[0] != version:
        _read = version, _parsed(file)
    return _read[1]


def _parsed(file: Path) -> list[Key]:
    try:
        described = json.loads(file.read_text(encoding="utf-8"))["keys"]
        found = [JWKRegistry.import_key(each) for each in described if each["kty"] in KINDS.values()]
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise BadSetting(f"PORTAL_OIDC_CLIENT_KEYS cannot be read: {type(error).__name__}") from None
    ours = [key for key in found if isinstance(key, Key) and key.is_private and key.alg in KINDS and key.kid]
    if len(ours) != len(described):
        raise BadSetting("PORTAL_OIDC_CLIENT_KEYS holds a key that `client-key new` did not make")
    return ours


def published() -> KeySetSerialization:
    """The public halves, for the providers to read."""
    return KeySet(list(own())).as_dict(private=False)


def assertion(client_id: str, audience: str) -> str:
    """A statement that we are this client; a new one for each call. Raises NoSuchKey."""
    signer = next(iter(own()), None)
    if signer is None:
        raise NoSuchKey("PORTAL_OIDC_CLIENT_KEYS holds no key")
    now = int(clock.now().timestamp())
    header, life = {"kid": str(signer.kid)}, {"iat": now, "exp": now + TTL}
    signed: str = private_key_jwt_sign(
        signer, client_id, audience, alg=str(signer.alg), claims=life, header=header
    )
    return signed


def add(algorithm: str) -> str:
    """Make a key and publish it, last; the first key, of a file that has none, signs at once."""
    size = 3072 if KINDS[algorithm] == "RSA" else "P-256"
    made = JWKRegistry.generate_key(KINDS[algorithm], size, {"alg": algorithm, "use": "sig"}, auto_kid=True)
    assert isinstance(made, Key)
    _write([*own(), made])
    return str(made.kid)


def use(kid: str) -> None:
    """Let this key sign from now on; the others are published still. Raises NoSuchKey."""
    chosen = _with(kid)
    _write([chosen, *(key for key in own() if key is not chosen)])


def remove(kid: str) -> None:
    """Forget a key that no longer signs. Raises NoSuchKey."""
    gone = _with(kid)
    if gone is own()[0]:
        raise NoSuchKey("that key signs: let another sign first")
    _write([key for key in own() if key is not gone])


def _with(kid: str) -> Key:
    found = next((key for key in own() if key.kid == kid), None)
    if found is None:
        raise NoSuchKey(f"no key {kid}")
    return found


def _write(wanted: list[Key]) -> None:
    """Beside it first, then in its place: nobody ever reads half a file, and only we read it at all."""
    file = path()
    if file is None:
        raise NoSuchKey("PORTAL_OIDC_CLIENT_KEYS is not set")
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(KeySet(list(wanted)).as_dict(private=True), out, indent=1)
    new.replace(file)
