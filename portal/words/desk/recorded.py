"""A message that staff wrote down for its sender: how it came, who wrote it, how the sender was known."""

from flask_babel.speaklater import LazyString

from portal.cases.desk.rules import MomentProblem
from portal.cases.enums import KnownBy, Via
from portal.identity.models import MembershipSnapshot
from portal.identity.snapshots import Author
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import lazy_gettext as _staff
from portal.words import authors

# The ways by which a sender reaches staff, in the order of their list.
VIA: dict[Via, LazyString] = {
    Via.PHONE: _l("i telefon"),
    Via.DESK: _l("på besök"),
    Via.LETTER: _l("i ett brev"),
    Via.EMAIL: _l("i ett mejl"),
    Via.SOCIAL_MEDIA: _l("i sociala medier"),
}
VIA_CHOICE: dict[Via, LazyString] = {
    Via.PHONE: _staff("Telefon"),
    Via.DESK: _staff("Besök"),
    Via.LETTER: _staff("Brev"),
    Via.EMAIL: _staff("Mejl till en tjänsteperson"),
    Via.SOCIAL_MEDIA: _staff("Sociala medier"),
}
KNOWN: dict[KnownBy, LazyString] = {
    KnownBy.CODE: _staff("hade koden"),
    KnownBy.SIGNED_IN: _staff("legitimerade sig"),
    KnownBy.STAFF: _staff("känd av den som skrev"),
    KnownBy.UNVERIFIED: _staff("avsändaren är inte kontrollerad"),
}
MOMENT_PROBLEM: dict[MomentProblem, LazyString] = {
    MomentProblem.FUTURE: _staff("Tiden är i framtiden. Skriv när det kom in, eller lämna fältet tomt."),
    MomentProblem.BEFORE_CASE: _staff("Tiden är före ärendet. Skriv när det kom in."),
}


def sender(known: KnownBy, name: str) -> str:
    """Who said it: the sender, or a person who may be anyone."""
    return _("Okänd person") if known is KnownBy.UNVERIFIED else name


def way(via: Via) -> str:
    """By which way it came: "i telefon"."""
    return str(VIA[via]) if via in VIA else ""


def written_by(author: MembershipSnapshot | Author | None) -> str:
    """Who wrote it down, and where they work."""
    return _("nedskrivet av %(who)s", who=authors.name_and_place(author))


def caution(known: KnownBy) -> str:
    """That the sender has not been checked; else empty."""
    return _("vi har inte kontrollerat vem det var") if known is KnownBy.UNVERIFIED else ""


def known_by(known: KnownBy | None) -> str:
    """How staff knew the sender; empty where that is said already, or nothing was written down."""
    return str(KNOWN[known]) if known and known is not KnownBy.UNVERIFIED else ""
