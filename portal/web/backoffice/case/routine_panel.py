"""The routines that apply to a case: those of its unit and topic, and what is handled in another way."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portal.cases.models import Case
from portal.organisation import queries as organisation
from portal.organisation.sections import NotHandled, Routine
from portal.translation import gettext as _


@dataclass(frozen=True)
class RoutinePanel:
    """The routines of a unit for a topic, and the exclusions. The law of a topic is a fact of the case."""

    heading: str
    routines: Sequence[Routine]
    exclusions: Sequence[NotHandled]
    href: str


def routine_panel(case: Case) -> RoutinePanel:
    """What applies to a case, from the profile alone."""
    profile = organisation.profile()
    unit, topic = case.handling_unit, case.category
    return RoutinePanel(
        heading=_("Rutin för %(unit)s", unit=unit.name),
        routines=profile.routines_for(unit.key, topic.key if topic else None),
        exclusions=profile.not_handled,
        href=url_for("public.routines", _anchor=unit.key),
    )
