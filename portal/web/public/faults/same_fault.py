"""The question whether the fault is one that is reported already, asked before a report is sent."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.budgets import rules as budgets
from portal.cases.groups import same_fault
from portal.cases.intake.submission import NewCase
from portal.cases.locations.queries import Nearby
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import kept_form
from portal.web.attachments.forms import HANDLES, REMOVE
from portal.web.forms import summary
from portal.web.support import rate_limits
from portal.words import dates
from portal.words.profile_texts import profile_texts

# The fields of the page, besides those of the form that it keeps.
ANSWER, ASKED, CHANGE = "samma", "fragat", "andra"
ANOTHER = "nej"
# What every form has, and the page writes itself.
_OF_EACH_FORM = {"acting_as", "lista"}
JOINED = _l("Du får svar samtidigt som den som anmälde felet först. Din anmälan är ett eget ärende.")
NOT_JOINED = _l(
    "Den andra anmälan tar inte emot fler. Den är besvarad, har många anmälningar eller hanteras på ett "
    "annat sätt. "
    "Din anmälan är skickad som ett eget ärende."
)


class Option(NamedTuple):
    """A report that may be of the same fault."""

    value: str
    text: str


def is_changing() -> bool:
    """Whether the sender went back from the question to the form."""
    return CHANGE in request.form


def chosen() -> str:
    """The report that the sender has chosen; empty for none."""
    answer = request.form.get(ANSWER, "")
    return "" if answer == ANOTHER else answer


def question(new: NewCase, anonymous: bool, handles: Sequence[str]) -> ResponseReturnValue | None:
    """The page that asks which report is of the same fault; None if it is answered, or there is none.

    `handles` are those of the uploads of the form, also of files that came with this very post.
    """
    if new.location is None or request.form.get(ANSWER):
        return None
    # Over the budget no question is asked, and the report is sent all the same.
    if rate_limits.spend(budgets.COMPARE_PLACES, anonymous=anonymous):
        return None
    candidates = same_fault.candidates(new)
    return _page(new, candidates, handles) if candidates else None


def _page(new: NewCase, candidates: Sequence[Nearby], handles: Sequence[str]) -> ResponseReturnValue:
    is_asked = ASKED in request.form
    errors = [(ANSWER, _("Välj om det är samma fel eller inte"))] if is_asked else []
    own = {ANSWER, ASKED, CHANGE, HANDLES, REMOVE} | _OF_EACH_FORM
    page = render_template(
        "public/same_fault.html",
        options=_options(new, candidates),
        kept=[*_posted_without(own), *((HANDLES, handle) for handle in handles)],
        names={"answer": ANSWER, "asked": ASKED, "change": CHANGE, "another": ANOTHER},
        **summary(errors),
    )
    return page, 422 if errors else 200


def _options(new: NewCase, candidates: Sequence[Nearby]) -> list[Option]:
    """One of those that have the same words: others see the topic and the day, never the time."""
    alike: dict[str, Option] = {}
    for candidate in candidates:
        text = _description(new, candidate)
        alike.setdefault(text, Option(same_fault.choice(new, candidate.id), text))
    return list(alike.values())


def _posted_without(names: set[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in kept_form.posted() if name not in names]


def _description(new: NewCase, candidate: Nearby) -> str:
    """Topic, place and day. The place is in the words of who asks, never in those of another sender."""
    topic = profile_texts(candidate.topic)[0] if candidate.topic else _("Felanmälan")
    street = new.location.street if new.location else None
    place = street.name if street and candidate.on_street else _("nära din plats")
    day = dates.day_and_month(clock.stockholm(candidate.received_at).date(), clock.today())
    return _("%(topic)s, %(place)s, anmält %(day)s", topic=topic, place=place, day=day)
