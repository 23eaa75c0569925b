"""The person or organisation that a sender writes on behalf of, in words."""

from portal.cases.parties import Principal
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _staff
from portal.words.labels import FOR_WHOM, REPRESENTED

VOUCHED = _staff("intygat av e-legitimationen")
UNVERIFIED = _staff("avsändarens egen uppgift")


def principal_for_sender(principal: Principal | None) -> str:
    """The principal as the sender's own pages show it; empty for None."""
    if principal is None:
        return ""
    vouched = [_("Intygat av e-legitimationen")] if principal.vouched else []
    return ", ".join([f"{FOR_WHOM[principal.kind]}: {_name_and_number(principal)}", *vouched])


def principal_for_staff(principal: Principal | None) -> str:
    """The principal as staff see it, with the source of the claim; empty for None."""
    if principal is None:
        return ""
    kind = str(REPRESENTED[principal.kind])
    # Always with the source: a claim is not a power of attorney (docs/decisions/0013).
    source = VOUCHED if principal.vouched else UNVERIFIED
    about = f"{kind}: {_name_and_number(principal)}" if principal.name else kind
    return f"{about}, {source}"


def _name_and_number(principal: Principal) -> str:
    number = format_organisation_number(principal.organisation_number)
    return ", ".join(filter(None, (principal.name, number)))


def format_organisation_number(number: str) -> str:
    """999999-9999"""
    return f"{number[:6]}-{number[6:]}" if number else ""
