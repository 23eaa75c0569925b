"""The improvements of the demo, with the cases that led to them and the texts of those that are done."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.cases.improvements import commands, publications, senders
from portal.cases.improvements.commands import Plan
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementState, UnitPlace, may_edit
from portal.cases.models import Case
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity import queries
from portal.identity.actors import Staff, System
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.organisation.models import Category

MAX_CASES = 4


def create(entries: list[dict[str, Any]], crew: Mapping[str, Membership]) -> None:
    """Create the improvements of the units that the profile has, each some days ago."""
    for entry in entries:
        unit = organisation.unit(entry["unit"])
        actor = queries.as_staff(crew[entry["who"]])
        if unit and may_edit(actor, UnitPlace(unit.id, unit.board_id, unit.administration_id)):
            _create(entry, actor, unit.id)


def _create(entry: dict[str, Any], actor: Staff, unit_id: int) -> None:
    with clock.at(clock.now() - timedelta(days=entry["days_ago"])):
        due_on = clock.today() + timedelta(days=entry["days"])
        row = commands.create(actor, unit_id, Plan(entry["title"], entry["plan"], due_on, actor.membership))
    for case in _cases(entry["topic"], actor):
        commands.link(actor, case, row.id)
    plan = Plan(row.title, row.plan, row.due_on, row.responsible_id)
    commands.change(actor, row.id, row.version, plan, ImprovementState(entry["state"]))
    if "we_did" in entry:
        _publish(entry, actor, row)


def _cases(topic: str, actor: Staff) -> list[Case]:
    """The first cases on a topic that the actor sees."""
    query = select(Case).join(Case.category).where(Category.key == topic, visible_to(actor))
    return list(session().scalars(query.order_by(Case.id).limit(MAX_CASES)))


def _publish(entry: dict[str, Any], actor: Staff, row: Improvement) -> None:
    publications.publish(actor, row.id, row.version, entry["you_said"], entry["we_did"])
    session().flush()
    for link in senders.waiting(System()):
        senders.inform(System(), link)
