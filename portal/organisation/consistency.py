"""What must hold between the parts of a profile. A problem is a place, a colon and a reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, get_args

from portal.organisation.sections import Door, Kind, Named

if TYPE_CHECKING:
    from portal.organisation.profile import Profile


def problems(profile: "Profile") -> Iterator[str]:
    """All that is wrong, one problem after the other."""
    checks = (_repeated, _unknown, _first_line, _secret, _links, _dropped, _summer)
    for check in checks:
        yield from check(profile)


def texts(profile: "Profile") -> list[str]:
    """All that the profile says to its readers, each text once, in the order of the file."""
    doors: Sequence[Door] = (*profile.not_handled, *profile.doors)
    found = [
        *profile.about,
        *(text for door in doors for text in (door.title, door.text, door.link_text)),
        *(unit.name for unit in profile.units),
        *(text for topic in profile.categories for text in (topic.name, topic.special_procedure)),
        *(text for each in profile.routines for text in (each.title, each.text, each.followed_up)),
    ]
    return list(dict.fromkeys(text for text in found if text))


def _repeated(profile: "Profile") -> Iterator[str]:
    for name in (
        "boards",
        "administrations",
        "units",
        "categories",
        "doors",
        "not_handled",
        "answer_templates",
    ):
        yield from _twice(name, [part.key for part in getattr(profile, name)])
    yield from _twice("kinds", profile.kinds)
    yield from _twice("closed_days", [day.date.isoformat() for day in profile.own_closed_days])


def _twice(place: str, keys: Sequence[str]) -> Iterator[str]:
    yield from (f"{place}.{key}: stands {count} times" for key, count in Counter(keys).items() if count > 1)


def _unknown(profile: "Profile") -> Iterator[str]:
    for unit in profile.units:
        yield from _missing(f"units.{unit.key}.board", unit.board, profile.boards)
        yield from _missing(f"units.{unit.key}.administration", unit.administration, profile.administrations)
    for category in profile.categories:
        place = f"categories.{category.key}"
        yield from _missing(f"{place}.responsible_unit", category.responsible_unit, profile.units)
        yield from _missing(f"{place}.handling_unit", category.handling_unit, profile.units)
    for each in profile.answer_templates:
        if each.category:
            yield from _missing(f"answer_templates.{each.key}.category", each.category, profile.categories)
        if each.kind and each.kind not in profile.kinds:
            yield f"answer_templates.{each.key}.kind: the profile takes no '{each.kind}'"
    for number, routine in enumerate(profile.routines, 1):
        yield from _missing(f"routines.#{number}.unit", routine.unit, profile.units)


def _missing(place: str, key: str, parts: Sequence[Named]) -> Iterator[str]:
    if key not in {part.key for part in parts}:
        yield f"{place}: there is no '{key}'"


def _first_line(profile: "Profile") -> Iterator[str]:
    units = [unit.key for unit in profile.units if unit.first_line]
    if len(units) != 1:
        yield f"units: exactly one must have first_line = true, not {len(units)}"


def _secret(profile: "Profile") -> Iterator[str]:
    for category in profile.categories:
        if category.secrecy_default and category.answer_by_email:
            yield f"categories.{category.key}.answer_by_email: must be false where secrecy_default is true"


def _links(profile: "Profile") -> Iterator[str]:
    for name in ("doors", "not_handled"):
        for door in getattr(profile, name):
            if bool(door.href) != bool(door.link_text):
                yield f"{name}.{door.key}: link_text and href stand together or not at all"


def _dropped(profile: "Profile") -> Iterator[str]:
    for kind in get_args(Kind):
        if kind not in profile.kinds and not profile.ways_for(kind):
            yield f"kinds: lacks '{kind}', and no door or not_handled has it among its kinds"


def _summer(profile: "Profile") -> Iterator[str]:
    if profile.summer and profile.summer.end < profile.summer.start:
        yield "summer.end: comes before the start"
