"""The switches for tests: what shall be unusual in one sign-in. All are off until somebody chooses."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from portal.testlegitimering.claims import EIDAS, NATIONAL, TOO_LOW

PREFIX = "test_"


class UnknownSwitch(ValueError):
    """A test asks for something that no switch does, and would go green without it."""


@dataclass(frozen=True)
class Switches:
    """What was chosen, each by its value; empty means as usual."""

    acr: str = ""
    number: str = ""
    level: str = ""
    protected: str = ""
    fault: str = ""
    userinfo: str = ""
    answer: str = ""
    outcome: str = ""

    def changed(self, values: Mapping[str, str], prefix: str = "") -> "Switches":
        """These with what the values say; a switch that they do not name stays as it is."""
        named = {name: values[prefix + name] for name in asdict(self) if prefix + name in values}
        for name, value in named.items():
            if value and value not in OPTIONS[name][1]:
                raise UnknownSwitch(f"{name}={value}")
        return replace(self, **named)

    @property
    def any(self) -> bool:
        """Whether something is unusual."""
        return self != USUAL


USUAL = Switches()


# Each switch: its label, and its values in words.
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
