"""From a provider's claims to who somebody is. Pure: the claims have been checked."""

from dataclasses import dataclass

from portal.identity.claims import COORDINATION_NUMBER, LEVEL, NUMBER, PREVIOUS, PRID, Claims
from portal.identity.providers import Provider

MOST_NAME = 200


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


def identified(provider: Provider, claims: Claims, id_token: str) -> Identified:
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
    )


def _name(claims: Claims) -> str:
    parts = [claims.get(name) for name in ("given_name", "family_name")]
    whole = claims.get("name") or " ".join(part for part in parts if part and part != "-")
    return " ".join(filter(str.isprintable, whole.split()))[:MOST_NAME]
