"""The signing keys: the newest signs, and the previous one is still published."""

from functools import cache

from joserfc.jwk import KeySet, KeySetSerialization, RSAKey

ALGORITHM = "RS256"


class SigningKeys:
    """The signing keys of this process, generated at its start."""

    def __init__(self) -> None:
        self._keys = [new_key()]

    @property
    def newest(self) -> RSAKey:
        """The key that signs."""
        return self._keys[0]

    def rotate(self) -> None:
        """Sign with a new key; tokens signed with the previous one can still be verified."""
        self._keys = [new_key(), self._keys[0]]

    def key_set(self) -> KeySet:
        """Return the keys that tokens are verified with."""
        return KeySet([*self._keys])

    def published(self) -> KeySetSerialization:
        """Return the JWK Set of the public keys."""
        return self.key_set().as_dict(private=False)


def new_key() -> RSAKey:
    """Generate a signing key."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


# Cached, because generating an RSA key takes long.
@cache
def unpublished_key() -> RSAKey:
    """Return a key that is never published, for faulty signatures."""
    return new_key()
