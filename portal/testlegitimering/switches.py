"""The test switches: what is unusual or faulty in one sign-in. All are off by default."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from portal.testlegitimering.oidc.claims import EIDAS, NATIONAL, TOO_LOW

PREFIX = "test_"


class UnknownSwitch(ValueError):
    """An unknown value of a switch: ignored, it would let a test pass without testing anything."""


@dataclass(frozen=True)
class Switches:
    """The values of the switches of one sign-in; an empty one is off."""

    acr: str = ""
    number: str = ""
    level: str = ""
    protected: str = ""
    fault: str = ""
    userinfo: str = ""
    answer: str = ""
    outcome: str = ""

    def changed(self, values: Mapping[str, str], prefix: str = "") -> "Switches":
        """Return a copy with the switches that the values name, after the prefix. Raises UnknownSwitch."""
        changes: dict[str, str] = {}
        for name in asdict(self):
            value = values.get(prefix + name)
            if value and value not in OPTIONS[name][1]:
                raise UnknownSwitch(f"{name}={value}")
            if value is not None:
                changes[name] = value
        return replace(self, **changes)

    @property
    def any_on(self) -> bool:
        """Whether any switch is on."""
        return self != USUAL


USUAL = Switches()


# The label of each switch, and the labels of its values.
OPTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "acr": (
        "Tillitsnivå",
        {TOO_LOW: "Nivå 2, för låg", **{acr: acr.rpartition("/")[2] for acr in (*NATIONAL, *EIDAS)}}
        | {"missing": "Ingen nivå alls"},
    ),
    "number": (
        "Nummer",
        {
            "none": "Inget nummer",
            "both": "Både personnummer och samordningsnummer",
            "invalid": "Ett nummer som inte stämmer",
        },
    ),
    "level": (
        "Samordningsnumrets nivå",
        {"confirmed": "Styrkt", "probable": "Sannolik", "uncertain": "Osäker"},
    ),
    "protected": ("Skyddade personuppgifter", {"yes": "Ja"}),
    "fault": (
        "Fel i ID-token",
        {
            "nonce": "Fel nonce",
            "no_nonce": "Ingen nonce",
            "aud": "Fel mottagare (aud)",
            "aud_more": "En mottagare till (aud)",
            "azp": "Fel azp",
            "iss": "Fel utfärdare (iss)",
            "expired": "Har gått ut",
            "future": "Gäller inte än",
            "sub": "Tomt sub",
            "at_hash": "Fel at_hash",
            "auth_time": "Legitimering i går (auth_time)",
            "alg_none": "Osignerad (alg none)",
            "hs256": "Signerad med hemligheten (HS256)",
            "other_key": "Signerad med fel nyckel",
            "unknown_kid": "Signerad med okänd nyckel (kid)",
            "missing": "ID-token saknas",
        },
    ),
    "userinfo": (
        "Uppgifter om personen (userinfo)",
        {
            "signed": "Signerade",
            "other_key": "Signerade med fel nyckel",
            "aud": "Signerade för en annan tjänst",
            "other_subject": "Om någon annan",
            "no_names": "Utan namn",
            "fails": "Fel 500",
        },
    ),
    "answer": (
        "Svaret till tjänsten",
        {
            "iss": "Fel utfärdare (iss)",
            "no_iss": "Ingen utfärdare (iss)",
            "state": "Fel state",
            "no_state": "Inget state",
            "slow": "Token dröjer 10 sekunder",
            "fails": "Token ger fel 500",
            "garbage": "Token är inte JSON",
        },
    ),
    "outcome": (
        "I testappen",
        {
            "cancelled": "Personen avbryter",
            "timed_out": "Tiden går ut",
            "started_elsewhere": "Påbörjad någon annanstans",
            "not_started": "Appen startar inte",
            "certificate": "Fel på e-legitimationen",
            "technical": "Tekniskt fel",
        },
    ),
}
