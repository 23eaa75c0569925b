"""The proposal that a new improvement is made of: what the address names, and what it fills in."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, url_for

from portal.audit import read_log
from portal.audit.models import Read
from portal.cases.improvements import proposals
from portal.cases.models import Case, Measure
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice.action_forms import MAX_LINE
from portal.web.backoffice.improvements.forms import MAX_PLAN
from portal.web.forms import whole_number


@dataclass(frozen=True)
class Source:
    """A case, and the proposal in it; without one the case itself is the proposal."""

    number: str
    measure: int | None = None

    @property
    def href(self) -> str:
        """The address of the case."""
        return url_for("backoffice.case", number=self.number)


def source(parameters: Mapping[str, str]) -> Source | None:
    """What the address names; None if it names no case."""
    number = parameters.get("arende", "")
    return Source(number, _measure(parameters.get("forslag"))) if number else None


def _measure(text: str | None) -> int | None:
    # What is no number names a proposal that does not exist, and not the case.
    return None if text is None else whole_number(text) or 0


def known(actor: Staff, wanted: Source) -> tuple[Case, Measure | None]:
    """The case and the proposal. Aborts with 404 if the actor cannot read one of them."""
    case = current.case(actor, wanted.number)
    if wanted.measure is None:
        return case, None
    return case, proposals.proposal(actor, case, wanted.measure) or abort(404)


def prefilled(actor: Staff, case: Case, proposal: Measure | None) -> dict[str, str]:
    """What the form is filled in with: the unit, and a proposal that may be copied, which is logged.

    What a sender wrote is not copied: all who work with the board read an improvement.
    """
    unit = {"unit": case.responsible_unit.key}
    if proposal is None or not proposals.may_be_copied(case):
        return unit
    read_log.log_display(actor, [case], Read.LIST)
    line = proposal.body.split("\n", 1)[0]
    if len(line) > MAX_LINE:
        line = f"{line[: MAX_LINE - 2].rstrip()} …"
    return unit | {"title": line, "plan": proposal.body[:MAX_PLAN] if proposal.body != line else ""}
