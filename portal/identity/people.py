"""From a provider's claims to who somebody is. Pure: the claims have been checked."""

from dataclasses import dataclass

from portal.identity.claims import (
    COORDINATION_NUMBER,
    LEVEL,
    NUMBER,
    ORG_NAME,
    ORG_NUMBER,
    PREVIOUS,
    PRID,
    Claims,
)
from portal.identity.numbers import organisation_number
from portal.identity.providers import CITIZENS, Provider

MOST_NAME = 200
# A provider that says anything else of protected details has said that they are.
NOT_PROTECTED = (None, False, 0, "", "0", "false", "no")


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
    organisation: Organisation | None = None
    protected: bool = False


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
        organisation=_organisation(claims) if provider.audience == CITIZENS else None,
        protected=is_protected,
    )


def _name(claims: Claims) -> str:
    parts = [claims.get(name) for name in ("given_name", "family_name")]
    return _in_line(claims.get("name") or " ".join(part for part in parts if part and part != "-"))


def _in_line(text: str) -> str:
    return " ".join(filter(str.isprintable, text.split()))[:MOST_NAME]


def _organisation(claims: Claims) -> Organisation | None:
    """For whom a citizen is vouched; a sole trader's number is left out, since it is a personnummer."""
    name, number = _in_line(claims.get(ORG_NAME) or ""), organisation_number(claims.get(ORG_NUMBER) or "")
    return Organisation(name or str(number), number) if claims.get(ORG_NUMBER) and (name or number) else None
