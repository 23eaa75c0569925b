"""The keys that statements are signed with: the newest signs, the one before it is published still."""

from functools import cache

from joserfc.jwk import KeySet, KeySetSerialization, RSAKey

ALGORITHM = "RS256"


class SigningKeys:
    """The keys of this start."""

    def __init__(self) -> None:
        self._keys = [new_key()]

    @property
    def newest(self) -> RSAKey:
        """The one that signs."""
        return self._keys[0]

    def rotate(self) -> None:
        """Sign with a new key from now on; what the last one signed can still be verified."""
        self._keys = [new_key(), self._keys[0]]

    def every(self) -> KeySet:
        """All that may have signed something that is still valid."""
        return KeySet([*self._keys])

    def published(self) -> KeySetSerialization:
        """The public halves."""
        return self.every().as_dict(private=False)


def new_key() -> RSAKey:
    """A signing key."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


@cache
def stranger() -> RSAKey:
    """A key that is never published."""
    return new_key()
