"""Who in the municipality wrote or did something: name, place and role as they were then."""

from portal.formats import cleaning
from portal.identity.models import MembershipSnapshot
from portal.identity.snapshots import Author
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.words.labels import AUTHOR_ROLE, MANAGER
from portal.words.profile_texts import profile_texts


def name(author: MembershipSnapshot | Author | None) -> str:
    """The author's name; the municipality where none was recorded."""
    return cleaning.line(author.name) if author else _("Kommunen")


def manager(author: MembershipSnapshot | Author | None) -> str:
    """Who takes over: "Enhetschefen Per Holm", or the name alone of who is no manager; empty without one."""
    if author is None:
        return ""
    title = MANAGER.get(author.role) if author.role else None
    return str(title) % {"name": name(author)} if title else name(author)


def manager_in_sentence(author: MembershipSnapshot | Author) -> str:
    """The same within a sentence: "enhetschefen Per Holm"."""
    text = manager(author)
    return text if text == name(author) else text[:1].lower() + text[1:]


def place(author: MembershipSnapshot | Author | None) -> str:
    """Where the author worked: a unit, an administration, a board, or else the municipality."""
    own = (author.unit_name or author.administration_name or author.board_name) if author else None
    text, _language = profile_texts(own or organisation.profile().full)
    return text


def role(author: MembershipSnapshot | Author | None) -> str:
    """The author's role in a word; empty where the place says it."""
    return str(AUTHOR_ROLE[author.role]) if author and author.role in AUTHOR_ROLE else ""


def name_and_place(author: MembershipSnapshot | Author | None) -> str:
    """Name and place: "Anna Berg, Parkenheten"."""
    return f"{name(author)}, {place(author)}" if author else name(author)


def role_and_place(author: MembershipSnapshot | Author | None) -> str:
    """Role and place, to be read after the name: "handläggare, Parkenheten"."""
    return ", ".join(filter(None, (role(author), place(author)))) if author else ""
