"""The improvements of the demo, with the cases that led to them and the texts of those that are done."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.cases.improvements import commands, proposals, publications, senders
from portal.cases.improvements.commands import Plan
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementState, UnitPlace, may_edit
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
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
    cases = _cases(entry["topic"], actor)
    made_at, settled_at = _days_ago(entry["days_ago"]), _days_ago(entry.get("settled_days_ago", 0))
    # The cases of the demo are newer than its improvements.
    linked_at = max([made_at, *(case.updated_at for case in cases)])
    with clock.at(made_at):
        due_on = clock.today() + timedelta(days=entry["days"])
        responsible = actor.membership if entry.get("responsible", True) else None
        plan = Plan(entry["title"], entry["plan"], due_on, responsible)
        row = commands.create(actor, unit_id, plan)
    with clock.at(linked_at):
        if "proposal" in entry and cases:
            _propose(entry["proposal"], actor, cases[0], row)
        for case in cases:
            commands.link(actor, case, row.id)
    with clock.at(settled_at):
        commands.change(actor, row.id, row.version, plan, ImprovementState(entry["state"]))
        if "we_did" in entry:
            _publish(entry, actor, row)


def _days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _cases(topic: str, actor: Staff) -> list[Case]:
    """The first cases on a topic that the actor sees."""
    query = select(Case).join(Case.category).where(Category.key == topic, visible_to(actor))
    return list(session().scalars(query.order_by(Case.id).limit(MAX_CASES)))


def _propose(text: str, actor: Staff, case: Case, row: Improvement) -> None:
    """Propose in a case what became the improvement."""
    measures.propose(actor, case, text)
    proposals.settle(actor, case, measure_queries.of_case(actor, case)[0].id, row)


def _publish(entry: dict[str, Any], actor: Staff, row: Improvement) -> None:
    publications.publish(actor, row.id, row.version, entry["you_said"], entry["we_did"])
    session().flush()
    for link in senders.waiting(System()):
        senders.inform(System(), link)
