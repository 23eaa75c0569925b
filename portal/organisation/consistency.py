"""Consistency checks between the sections of a profile, and what it lacks before people use the portal.

A problem reads "path: reason".
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from portal.organisation.profile import Profile
from portal.organisation.sections import Kind, Named, NotHandled, Provision, Routine, Section


def problems(profile: Profile) -> Iterator[str]:
    """The problems of a profile, check by check."""
    checks = (
        _duplicate_keys,
        _unknown_references,
        _first_line,
        _secrecy,
        _agreements,
        _links,
        _kinds_without_door,
        _summer,
    )
    for check in checks:
        yield from check(profile)


def _duplicate_keys(profile: Profile) -> Iterator[str]:
    for name in (
        "boards",
        "administrations",
        "units",
        "categories",
        "doors",
        "not_handled",
        "external_ways",
        "documents",
        "answer_templates",
        "messages",
        "routines",
        "compilations",
        "secrecy_provisions",
        "disclosure_provisions",
    ):
        yield from _duplicates(name, [section.key for section in getattr(profile, name)])
    yield from _duplicates("kinds", profile.kinds)
    yield from _duplicates("closed_days", [day.date.isoformat() for day in profile.own_closed_days])


def _duplicates(path: str, keys: Sequence[str]) -> Iterator[str]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield f"{path}.{key}: stands {count} times"


def _unknown_references(profile: Profile) -> Iterator[str]:
    for unit in profile.units:
        yield from _missing(f"units.{unit.key}.board", unit.board, profile.boards)
        yield from _missing(f"units.{unit.key}.administration", unit.administration, profile.administrations)
    for category in profile.categories:
        path = f"categories.{category.key}"
        yield from _missing(f"{path}.responsible_unit", category.responsible_unit, profile.units)
        yield from _missing(f"{path}.handling_unit", category.handling_unit, profile.units)
    for template in profile.answer_templates:
        path = f"answer_templates.{template.key}"
        if template.category:
            yield from _missing(f"{path}.category", template.category, profile.categories)
        if template.kind and template.kind not in profile.kinds:
            yield f"{path}.kind: the profile takes no '{template.kind}'"
    yield from _unknown_in_routines(profile)
    for way in profile.external_ways:
        for topic in way.categories:
            path = f"external_ways.{way.key}.categories"
            yield from _missing(path, topic, profile.special_topics(), "topic with a special_procedure")
    yield from _unknown_in_statements(profile)


def _unknown_in_routines(profile: Profile) -> Iterator[str]:
    for routine in profile.routines:
        path = f"routines.{routine.key}"
        yield from _missing(f"{path}.unit", routine.unit, profile.units)
        for topic in routine.topics:
            yield from _missing(f"{path}.topics", topic, profile.categories)
    for compilation in profile.compilations:
        for topic in compilation.topics:
            yield from _missing(f"compilations.{compilation.key}.topics", topic, profile.categories)


def _unknown_in_statements(profile: Profile) -> Iterator[str]:
    reports, statement = profile.whistleblowing, profile.accessibility
    if reports:
        path = "whistleblowing.secrecy_provision"
        yield from _missing(path, reports.secrecy_provision, profile.secrecy_provisions)
    if reports and reports.unit:
        yield from _missing("whistleblowing.unit", reports.unit, profile.units)
        path = "whistleblowing.disclosure_provision"
        yield from _missing(path, reports.disclosure_provision or "", profile.disclosure_provisions)
    if statement and statement.category:
        yield from _missing("accessibility.category", statement.category, profile.categories)


def _missing(path: str, key: str, sections: Sequence[Named | Provision], what: str = "") -> Iterator[str]:
    if key not in {section.key for section in sections}:
        yield f"{path}: there is no {what and what + ' '}'{key}'"


def _first_line(profile: Profile) -> Iterator[str]:
    # Cases without a category are assigned to this unit.
    count = sum(unit.first_line for unit in profile.units)
    if count != 1:
        yield f"units: exactly one must have first_line = true, not {count}"


def _secrecy(profile: Profile) -> Iterator[str]:
    # E-mail is not encrypted all the way: an answer under secrecy (OSL 2009:400) must not be in one.
    for category in profile.categories:
        if category.secrecy_default and category.answer_by_email:
            yield f"categories.{category.key}.answer_by_email: must be false where secrecy_default is true"
        path = f"categories.{category.key}.secrecy_provision"
        if category.secrecy_default and not category.secrecy_provision:
            yield f"{path}: is needed where secrecy_default is true"
        if category.secrecy_provision:
            yield from _missing(path, category.secrecy_provision, profile.secrecy_provisions)


def _agreements(profile: Profile) -> Iterator[str]:
    boards = {unit.key: unit.board for unit in profile.units}
    for category in profile.categories:
        across = boards.get(category.responsible_unit) != boards.get(category.handling_unit)
        if across and not category.agreement:
            yield f"categories.{category.key}.agreement: must be true where one board handles for another"


def _links(profile: Profile) -> Iterator[str]:
    for name in ("doors", "not_handled", "external_ways"):
        for door in getattr(profile, name):
            if bool(door.href) != bool(door.link_text):
                yield f"{name}.{door.key}: link_text and href stand together or not at all"


def _kinds_without_door(profile: Profile) -> Iterator[str]:
    # The page of a kind that the portal does not take shows where to turn instead.
    for kind in get_args(Kind):
        if kind not in profile.kinds and not profile.doors_for(kind):
            yield f"kinds: lacks '{kind}', and no door or not_handled has it among its kinds"


def _summer(profile: Profile) -> Iterator[str]:
    if profile.summer and profile.summer.end < profile.summer.start:
        yield "summer.end: comes before the start"


def lacks_officer(profile: Profile) -> bool:
    """Whether the profile names no data protection officer (GDPR articles 13.1 b and 37)."""
    return profile.privacy is None or not profile.privacy.has_officer


def missing(profile: Profile) -> Iterator[str]:
    """What the public pages need and the profile does not say."""
    statement = profile.accessibility
    needed = {
        "privacy: no address to the data protection officer": lacks_officer(profile),
        "privacy.updated: no day on the page about personal data": profile.privacy is None,
        "accessibility: no accessibility statement": statement is None,
        "accessibility.assessed: no day of assessment": statement is None or statement.assessed is None,
        "accessibility.assessed_by: no method of assessment": statement is None or not statement.assessed_by,
        "accessibility.category: no topic for reports": statement is None or not statement.category,
        "accessibility.shortcomings: none, although the statement is not 'full'": (
            statement is not None and statement.conformance != "full" and not statement.shortcomings
        ),
        "whistleblowing: no provision for a report that is sent here": profile.whistleblowing is None,
        "documents: no link to a policy or a disposal plan": not any(row.href for row in profile.documents),
    }
    yield from (text for text, lacks in needed.items() if lacks)


def examples(profile: Profile) -> Iterator[str]:
    """The paths of what is invented, and would go live as it is."""
    for name in type(profile).model_fields:
        value = getattr(profile, name)
        rows = value if isinstance(value, tuple) else (value,)
        for number, row in enumerate(rows, 1):
            if isinstance(row, Section) and _is_example(row):
                key = getattr(row, "key", f"#{number}")
                yield name if row is value else f"{name}.{key}"


def _is_example(row: Section) -> bool:
    in_part = (isinstance(row, NotHandled) and row.way_example) or (
        isinstance(row, Routine) and row.follow_up_example
    )
    return row.example or in_part
