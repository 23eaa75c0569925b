"""For whom a sender says that they write, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _staff

from portal.cases.parties import Principal
from portal.words.labels import FOR_WHOM, REPRESENTED

VOUCHED = _staff("intygat av e-legitimationen")
OWN_WORD = _staff("avsändarens egen uppgift")


def to_sender(said: Principal | None) -> str:
    """As whoever wrote it reads it."""
    if said is None:
        return ""
    vouched = [_("Intygat av e-legitimationen")] if said.vouched else []
    return ", ".join([f"{FOR_WHOM[said.kind]}: {_named(said)}", *vouched])


def to_staff(said: Principal | None) -> str:
    """As staff read it: what is said, and who says so."""
    if said is None:
        return ""
    kind = str(REPRESENTED[said.kind])
    about = f"{kind}: {_named(said)}" if said.name else kind
    return f"{about}, {VOUCHED if said.vouched else OWN_WORD}"


def _named(said: Principal) -> str:
    return ", ".join(filter(None, (said.name, written(said.organisation_number))))


def written(number: str) -> str:
    """999999-9999"""
    return f"{number[:6]}-{number[6:]}" if number else ""
