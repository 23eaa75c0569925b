"""From a provider's claims to who somebody is. Pure: the claims have been checked."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.formats.identity_numbers import organisation_number
from portal.identity.oidc.claims import (
    AFFILIATION,
    COORDINATION_NUMBER,
    EMAIL,
    EMAIL_VERIFIED,
    LEVEL,
    NUMBER,
    ORG_NAME,
    ORG_NUMBER,
    PREVIOUS,
    PRID,
    Claims,
)
from portal.identity.oidc.providers import CITIZENS, STAFF, Provider

MAX_NAME = 200
MAX_KEY = 255
# A provider that says anything else of protected details has said that they are.
NOT_PROTECTED = (None, False, 0, "", "0", "false", "no")
ADDRESS = re.compile(r"[^@\s]+@[a-z0-9.-]+")


class KeyKind(StrEnum):
    """What a staff provider may know somebody by, besides a number."""

    SUBJECT = "subject"
    AFFILIATION = "affiliation"
    EMAIL = "email"


@dataclass(frozen=True)
class Key:
    """What one provider knows somebody by, as it is compared."""

    issuer: str
    kind: KeyKind
    value: str

    @classmethod
    def of(cls, issuer: str, kind: KeyKind, written: Any) -> "Key | None":
        """From what was written; None where it cannot be one."""
        value = _comparable(kind, written)
        return cls(issuer, kind, value) if value else None


def _comparable(kind: KeyKind, written: Any) -> str:
    """A subject is compared sign by sign. Beyond ASCII nothing folds: some letters become others."""
    if not isinstance(written, str) or not written.isprintable() or len(written) > MAX_KEY:
        return ""
    plain = written.strip()
    if kind is KeyKind.SUBJECT:
        return written if plain else ""
    folded = plain.lower() if plain.isascii() else plain
    fits = kind is KeyKind.AFFILIATION or (plain.isascii() and ADDRESS.fullmatch(folded))
    return folded if fits else ""


@dataclass(frozen=True)
class Organisation:
    """A company or an association that a provider vouches for."""

    name: str
    number: str | None = None


@dataclass(frozen=True)
class Identified:
    """What a provider has vouched for: all of it checked by the OIDC client."""

    issuer: str
    subject: str
    name: str
    identity_number: str | None
    sid: str | None = None
    id_token: str | None = None
    level: str | None = None
    previous_number: str | None = None
    prid: str | None = None
    affiliation: str | None = None
    email: str | None = None
    organisation: Organisation | None = None
    protected: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        """All that its provider knows this person by, the surest first."""
        told = {
            KeyKind.SUBJECT: self.subject,
            KeyKind.AFFILIATION: self.affiliation,
            KeyKind.EMAIL: self.email,
        }
        found = (Key.of(self.issuer, kind, written) for kind, written in told.items())
        return tuple(key for key in found if key)


def protected(provider: Provider, *told: Claims) -> bool:
    """Whether any of these statements says so, where the provider has a claim for it."""
    claim = provider.protected_claim
    return bool(claim) and any(each.get(claim) not in NOT_PROTECTED for each in told)


def identified(provider: Provider, claims: Claims, id_token: str, is_protected: bool = False) -> Identified:
    """The person that these claims are about; names may be missing."""
    return Identified(
        issuer=provider.issuer,
        subject=claims["sub"],
        name=_name(claims),
        identity_number=claims.get(NUMBER) or claims.get(COORDINATION_NUMBER),
        sid=claims.get("sid"),
        id_token=id_token,
        level=claims.get(LEVEL) if claims.get(COORDINATION_NUMBER) else None,
        previous_number=claims.get(PREVIOUS),
        prid=claims.get(PRID),
        affiliation=claims.get(AFFILIATION) if provider.audience == STAFF else None,
        email=_believed(provider, claims),
        organisation=_organisation(claims) if provider.audience == CITIZENS else None,
        protected=is_protected,
    )


def _believed(provider: Provider, claims: Claims) -> str | None:
    """An address that this provider may vouch for, and says that it has verified."""
    key = Key.of(provider.issuer, KeyKind.EMAIL, claims.get(EMAIL))
    verified = claims.get(EMAIL_VERIFIED, not provider.email_verified_required) is True
    if key is None or not verified or provider.audience != STAFF:
        return None
    return key.value if key.value.rpartition("@")[2] in provider.email_domains else None


def _name(claims: Claims) -> str:
    parts = [claims.get(name) for name in ("given_name", "family_name")]
    return _in_line(claims.get("name") or " ".join(part for part in parts if part and part != "-"))


def _in_line(text: str) -> str:
    return " ".join(filter(str.isprintable, text.split()))[:MAX_NAME]


def _organisation(claims: Claims) -> Organisation | None:
    """For whom a citizen is vouched; a sole trader's number is left out, since it is a personnummer."""
    name, number = _in_line(claims.get(ORG_NAME) or ""), organisation_number(claims.get(ORG_NUMBER) or "")
    return Organisation(name or str(number), number) if claims.get(ORG_NUMBER) and (name or number) else None
