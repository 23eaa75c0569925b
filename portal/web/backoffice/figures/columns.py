"""The columns of the figures, and a figure as a cell of a page or of a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.organisation import queries as organisation
from portal.statistics.figures.definitions import DEFINITIONS
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.sums import Fate
from portal.statistics.inside.measures import OF_ANSWER, OF_CONTACT, shown_measures
from portal.statistics.inside.rules import Group, Hidden, Measure, Part, Value
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext
from portal.web.backoffice.figures.choice import LANGUAGES, month_name
from portal.words.dates import capital
from portal.words.kinds import KINDS
from portal.words.labels import CHANNEL, ROSA

FATES: dict[Fate, object] = {
    Fate.ANSWERED: _l("Besvarade"),
    Fate.TRANSFERRED: _l("Flyttade till ett annat system"),
    Fate.OUTSIDE: _l("Hörde inte hit"),
    Fate.WITHDRAWN: _l("Återtagna"),
    Fate.DUPLICATE: _l("Hopslagna"),
    Fate.NO_ANSWER: _l("Behövde inget svar"),
    Fate.OPEN: _l("Öppna"),
}
ANSWER, CONTACT = OF_ANSWER, OF_CONTACT
DAYS = (Measure.MEDIAN, Measure.NINE_OF_TEN, Measure.SOLVED)


def measures() -> list[Measure]:
    """The measures of this municipality: none of a promise that it does not make."""
    return shown_measures()


def name(measure: Measure) -> str:
    """The heading of a measure, as the definitions have it."""
    return str(DEFINITIONS[measure.value].name)


def definitions() -> list[tuple[str, str]]:
    """What each figure of the page is, and how it is counted."""
    shown = [*measures(), "fates", "survey"]
    return [(str(DEFINITIONS[key].name), str(DEFINITIONS[key].counted)) for key in shown]


def cell(measure: Measure, value: Value) -> str:
    """A figure in words, for a page."""
    match value:
        case Hidden():
            return hidden(value)
        case Part():
            return share(value)
        case _ if measure in DAYS:
            return ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", value)
        case _:
            return str(value)


def share(part: Part) -> str:
    """A share in words, for a page."""
    percent = _("%(number)s\N{NO-BREAK SPACE}%%", number=100 * part.count // part.total)
    return _("%(percent)s (%(count)s av %(total)s)", percent=percent, count=part.count, total=part.total)


def count_cell(count: int | Hidden) -> str:
    """A count, for a page."""
    return hidden(count) if isinstance(count, Hidden) else str(count)


def hidden(why: Hidden) -> str:
    """What is shown instead of a number."""
    return {Hidden.SMALL: _("färre än fem"), Hidden.TELLING: _("visas inte"), Hidden.NONE: "–"}[why]


def group_names(by: Dimension) -> Mapping[Any, str]:
    """The names of the groups; of the calendar none, since they follow from the day."""
    match by:
        case Dimension.BOARD:
            return organisation.board_names()
        case Dimension.ADMINISTRATION:
            return {row.id: row.name for row in organisation.every_administration()}
        case Dimension.UNIT:
            return organisation.unit_names()
        case Dimension.TOPIC:
            return dict[Any, str](organisation.topic_names()) | {None: _("Utan ämne")}
        case Dimension.KIND:
            return {kind: capital(str(words.name)) for kind, words in KINDS.items()}
        case Dimension.CHANNEL:
            return {channel: str(label) for channel, label in CHANNEL.items()}
        case Dimension.LEVEL:
            return {None: _("Ingen nivå"), **{level: f"{level} {label}" for level, label in ROSA.items()}}
        case Dimension.LANGUAGE:
            return {code: str(label) for code, label in LANGUAGES.items()}
        case _:
            return {}


def group_name(by: Dimension, group: Group, names: Mapping[Any, str]) -> str:
    """The name of a group."""
    if group.merged:
        return _("Övriga")
    key = group.key
    if not isinstance(key, date):
        return names.get(key, str(key))
    match by:
        case Dimension.QUARTER:
            return _("Kvartal %(number)s %(year)s", number=(key.month + 2) // 3, year=key.year)
        case Dimension.YEAR:
            return str(key.year)
        case _:
            return capital(month_name(key))
