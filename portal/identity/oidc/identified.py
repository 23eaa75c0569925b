"""Map verified claims of a provider to an identified person. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal import clock
from portal.formats import cleaning
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
# Any other value of the claim for protected personal data means protected: the safe side of a doubt.
NOT_PROTECTED = (None, False, 0, "", "0", "false", "no")
ADDRESS = re.compile(r"[^@\s]+@[a-z0-9.-]+")


class KeyKind(StrEnum):
    """The kind of a staff identifier."""

    SUBJECT = "subject"
    AFFILIATION = "affiliation"
    EMAIL = "email"


@dataclass(frozen=True)
class Key:
    """A staff identifier at one issuer, normalised for comparison."""

    issuer: str
    kind: KeyKind
    value: str

    @classmethod
    def of(cls, issuer: str, kind: KeyKind, raw: Any) -> "Key | None":
        """Create a key from a raw value; None if the value is invalid for its kind."""
        value = _normalised(kind, raw)
        return cls(issuer, kind, value) if value else None


def _normalised(kind: KeyKind, raw: Any) -> str:
    """Return the value as it is compared; empty if it is invalid."""
    if not isinstance(raw, str) or not raw.isprintable() or len(raw) > MAX_KEY:
        return ""
    stripped = raw.strip()
    # A subject is case-sensitive (OpenID Connect Core 1.0, section 2).
    if kind is KeyKind.SUBJECT:
        return raw if stripped else ""
    # Only ASCII is lowered: beyond it lower() maps some letters onto others, as the Kelvin sign onto k.
    lowered = stripped.lower() if stripped.isascii() else stripped
    valid = kind is KeyKind.AFFILIATION or (stripped.isascii() and ADDRESS.fullmatch(lowered))
    return lowered if valid else ""


@dataclass(frozen=True)
class Organisation:
    """A company or an association that the person represents, according to the provider."""

    name: str
    number: str | None = None


@dataclass(frozen=True)
class Identified:
    """A person as identified by a provider; every field is verified by the OIDC client."""

    issuer: str
    subject: str
    name: str
    identity_number: str | None
    sid: str | None = None
    level: str | None = None
    previous_number: str | None = None
    prid: str | None = None
    affiliation: str | None = None
    email: str | None = None
    organisation: Organisation | None = None
    protected: bool = False
    authenticated_at: datetime | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        """The valid staff identifiers, the most reliable first."""
        keys = (
            Key.of(self.issuer, KeyKind.SUBJECT, self.subject),
            Key.of(self.issuer, KeyKind.AFFILIATION, self.affiliation),
            Key.of(self.issuer, KeyKind.EMAIL, self.email),
        )
        return tuple(filter(None, keys))


def protected(provider: Provider, *sources: Claims) -> bool:
    """Whether any source marks the person as protected (skyddade personuppgifter)."""
    claim = provider.protected_claim
    return bool(claim) and any(claims.get(claim) not in NOT_PROTECTED for claims in sources)


def identified(provider: Provider, claims: Claims, is_protected: bool = False) -> Identified:
    """Return the person of these claims. The name is empty if they have none."""
    return Identified(
        issuer=provider.issuer,
        subject=claims["sub"],
        name=_name(claims),
        identity_number=claims.get(NUMBER) or claims.get(COORDINATION_NUMBER),
        sid=claims.get("sid"),
        level=claims.get(LEVEL) if claims.get(COORDINATION_NUMBER) else None,
        previous_number=claims.get(PREVIOUS),
        prid=claims.get(PRID),
        affiliation=claims.get(AFFILIATION) if provider.audience == STAFF else None,
        email=_trusted_email(provider, claims),
        organisation=_organisation(claims) if provider.audience == CITIZENS else None,
        protected=is_protected,
        authenticated_at=clock.at_timestamp(claims["auth_time"]) if "auth_time" in claims else None,
    )


def _trusted_email(provider: Provider, claims: Claims) -> str | None:
    """Return the e-mail if it is verified and of a domain that this staff provider is trusted for."""
    key = Key.of(provider.issuer, KeyKind.EMAIL, claims.get(EMAIL))
    verified = claims.get(EMAIL_VERIFIED, not provider.email_verified_required)
    # Some providers send booleans as text, against OpenID Connect Core 1.0, section 5.1.
    is_verified = verified is True or verified == "true"
    if key is None or not is_verified or provider.audience != STAFF:
        return None
    return key.value if key.value.rpartition("@")[2] in provider.email_domains else None


def _name(claims: Claims) -> str:
    parts = [_single_line(claims.get(name) or "") for name in ("given_name", "family_name")]
    # A person with a single name has a hyphen for the missing part.
    full_name = " ".join(part for part in parts if part and part != "-")
    # The parts say which of the names is the given one; `name` may have them in any order.
    if all(parts) and full_name:
        return full_name[:MAX_NAME]
    return _single_line(claims.get("name") or "") or full_name


def _single_line(text: str) -> str:
    return cleaning.printable_line(text)[:MAX_NAME].strip()


def _organisation(claims: Claims) -> Organisation | None:
    name = _single_line(claims.get(ORG_NAME) or "")
    # None for a sole trader, whose organisation number is their personnummer and must not be stored here.
    number = organisation_number(claims.get(ORG_NUMBER) or "")
    if not claims.get(ORG_NUMBER) or not (name or number):
        return None
    return Organisation(name or str(number), number)
