"""The sections of a report in words, for its page and for paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.board_reports.content import (
    FATE,
    Figure,
    Growth,
    ImprovementLine,
    ProposalLine,
    ReportContent,
    Row,
    Share,
    Shown,
    Table,
)
from portal.board_reports.queries import ReportView
from portal.board_reports.rules import Section
from portal.cases.enums import Channel, Kind
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.sums import Fate
from portal.statistics.inside.rules import Measure
from portal.translation import gettext as _
from portal.web.backoffice.board_reports.drawn import DrawnRow, DrawnSection, DrawnTable
from portal.web.backoffice.figures import columns
from portal.web.backoffice.figures.choice import month_name
from portal.web.backoffice.improvements.labels import OVERDUE, STATES
from portal.words.dates import capital, full_date, month_span
from portal.words.kinds import KINDS
from portal.words.labels import CHANNEL

IN_TIME = (*columns.ANSWER, *columns.CONTACT, Measure.FIRST_CONTACT, *columns.DAYS)
SHORTCOMINGS = (Measure.UNSATISFIED, Measure.REOPENED, Measure.EXTENDED, Measure.SUMMER)


def title(board: str, first: date, last: date) -> str:
    """The heading of a report: "Tekniska nämnden, maj–augusti 2026"."""
    return _("%(board)s, %(months)s", board=board, months=month_span(first, last))


def sections(report: ReportView) -> list[DrawnSection]:
    """The sections of a report, in its order."""
    content = report.content
    comments = {section: comment.body for section, comment in report.comments.items()}
    summary = comments.get(Section.SUMMARY, "")
    return [
        DrawnSection("sammanfattning", _("Sammanfattning"), summary, empty="" if summary else _no_summary()),
        DrawnSection("kom-in", _("Vad som kom in"), lines=[rounding()], tables=came_in(content)),
        DrawnSection("i-tid", _("I tid"), comments.get(Section.FIGURES, ""), tables=in_time(content)),
        _patterns(content, comments.get(Section.PATTERNS, "")),
        DrawnSection(
            "brister",
            _("Det som inte blev bra"),
            comments.get(Section.SHORTCOMINGS, ""),
            tables=shortcomings(content),
        ),
        _improvements(content, comments.get(Section.IMPROVEMENTS, "")),
        _proposals(content),
        _chosen(report),
    ]


def _no_summary() -> str:
    return _("Ingen sammanfattning är skriven.")


def rounding() -> str:
    """How exact the numbers of a report are."""
    return _("Antal är avrundade till närmaste femtal.")


def came_in(content: ReportContent) -> list[DrawnTable]:
    """How many came in, and in which groups."""
    whole = _figures(content, _("Alla ärenden"), [Measure.RECEIVED])
    # A single group says no more than the whole.
    return whole + [_groups(content, table) for table in content.tables if len(table.rows) > 1]


def in_time(content: ReportContent) -> list[DrawnTable]:
    """The shares in time and the days."""
    return _figures(content, _("Löften och tider"), IN_TIME)


def shortcomings(content: ReportContent) -> list[DrawnTable]:
    """The promises that were not kept, and who was not satisfied."""
    broken = []
    for figure in content.figures:
        if figure.measure is Measure.ANSWERED_IN_TIME:
            cells = _pair(content, late_text(figure.now), late_text(figure.before))
            broken.append(DrawnRow(_("Svar som kom för sent"), cells))
    others = _figures(content, _("Missnöje och nya datum"), SHORTCOMINGS)
    return _table(_("Löften som inte hölls"), _headings(content, _("Mått")), broken) + others


def late_text(shown: Shown) -> str:
    """The share of the promises that were not kept, in words."""
    return cell(Measure.ANSWERED_IN_TIME, late(shown))


def late(shown: Shown) -> Shown:
    """Those that were not in time, of the same total."""
    return Share(100 - shown.percent, shown.total) if isinstance(shown, Share) else shown


def cell(measure: Measure, shown: Shown) -> str:
    """A figure in words."""
    if not isinstance(shown, Share):
        return columns.cell(measure, shown)
    return _("%(percent)s\N{NO-BREAK SPACE}%% av omkring %(total)s", percent=shown.percent, total=shown.total)


def name(content: ReportContent, key: str) -> str:
    """What a figure was called when it was counted."""
    return next(definition.name for definition in content.definitions if definition.key == key)


def _figures(content: ReportContent, heading: str, measures: Iterable[Measure]) -> list[DrawnTable]:
    rows = []
    for measure in measures:
        rows += [_figure(content, figure) for figure in content.figures if figure.measure is measure]
    return _table(heading, _headings(content, _("Mått")), rows)


def _figure(content: ReportContent, figure: Figure) -> DrawnRow:
    now, before = (cell(figure.measure, shown) for shown in (figure.now, figure.before))
    return DrawnRow(name(content, figure.measure), _pair(content, now, before))


def _pair(content: ReportContent, now: str, before: str) -> list[str]:
    return [now, before] if content.compared else [now]


def _headings(content: ReportContent, first: str) -> list[str]:
    months = capital(month_span(content.first, content.last))
    return [first, *_pair(content, months, _("Året före"))]


def _table(heading: str, names: Sequence[str], rows: Sequence[DrawnRow]) -> list[DrawnTable]:
    return [DrawnTable(heading, names, rows)] if rows else []


def _groups(content: ReportContent, table: Table) -> DrawnTable:
    heading = table_name(content, table.by)
    rows = [DrawnRow(group_name(table.by, row), _pair(content, *counts(row))) for row in table.rows]
    return DrawnTable(heading, _headings(content, heading), rows)


def table_name(content: ReportContent, by: str) -> str:
    """What the groups of a table differ by."""
    names: dict[str, str] = {
        Dimension.KIND: _("Typ"),
        Dimension.CHANNEL: _("Kom in via"),
        Dimension.TOPIC: _("Ämne"),
        Dimension.UNIT: _("Enhet"),
        Dimension.MONTH: _("Månad"),
    }
    return name(content, "fates") if by == FATE else names[by]


def counts(row: Row) -> tuple[str, str]:
    """The cases of a group, now and a year earlier."""
    return count_text(row.now), count_text(row.before)


def count_text(shown: Shown) -> str:
    """A count in words."""
    return cell(Measure.RECEIVED, shown)


def group_name(by: str, row: Row) -> str:
    """The name of a group."""
    if row.merged:
        return _("Övriga")
    match by:
        case Dimension.KIND:
            return capital(str(KINDS[Kind(row.key)].name))
        case Dimension.CHANNEL:
            return str(CHANNEL[Channel(row.key)])
        case Dimension.MONTH:
            return capital(month_name(date.fromisoformat(row.key)))
        case _ if by == FATE:
            return str(columns.FATES[Fate(row.key)])
        case _:
            return row.name or _("Utan ämne")


@dataclass(frozen=True)
class Pattern:
    """What grew or comes back: a heading, the name of its column, and its rows."""

    heading: str
    column: str
    rows: Sequence[Growth]


def patterns(content: ReportContent) -> list[Pattern]:
    """Topics and words that grew, and places."""
    every = [
        Pattern(_("Ämnen som växer"), _("Ämne"), content.grown_topics),
        Pattern(_("Ord som fler skriver"), _("Ord"), content.grown_words),
        Pattern(_("Gator som många skriver om"), _("Gata"), content.places),
    ]
    return [pattern for pattern in every if pattern.rows]


def _patterns(content: ReportContent, comment: str) -> DrawnSection:
    drawn = []
    for pattern in patterns(content):
        rows = [
            DrawnRow(row.name, _pair(content, count_text(row.now), count_text(row.before)))
            for row in pattern.rows
        ]
        drawn.append(DrawnTable(pattern.heading, _headings(content, pattern.column), rows))
    lines = [
        _("Ord och gator är med om minst fem olika avsändare skriver om dem. Var och en räknas en gång."),
        _("Ämnen är med om de har fått minst fem fler ärenden än året före, och minst hälften fler."),
    ]
    if content.too_many:
        lines.append(_("Perioden har för många ärenden för att räkna ord, gator och avsändare."))
    elif content.repeated_senders != 0:
        lines.append(repeated(content.repeated_senders))
    empty = "" if drawn or content.too_many else _("Inget mönster syns under perioden.")
    return DrawnSection("monster", _("Mönster"), comment, lines, drawn, empty=empty)


def repeated(shown: Shown) -> str:
    """How many senders wrote more than once."""
    return _("Avsändare som har skrivit flera gånger: %(count)s.", count=count_text(shown))


def improvement_groups(content: ReportContent) -> list[tuple[str, Sequence[ImprovementLine], bool]]:
    """(heading, lines, whether they are overdue) of the improvements."""
    return [
        (_("Beslutade under perioden"), content.decided, False),
        (_("Genomförda under perioden"), content.done, False),
        (_("Försenade"), content.overdue, True),
    ]


def _improvements(content: ReportContent, comment: str) -> DrawnSection:
    names = [_("Förbättring"), _("Ansvarig"), _("Klart senast"), _("Läge")]
    drawn = []
    for heading, lines, late_ones in improvement_groups(content):
        rows = [DrawnRow(line.what, improvement_cells(line, late_ones)) for line in lines]
        drawn += _table(heading, names, rows)
    empty = "" if drawn else _("Ingen förbättring är beslutad, genomförd eller försenad.")
    return DrawnSection("forbattringar", _("Det vi gör"), comment, tables=drawn, empty=empty)


def improvement_cells(line: ImprovementLine, is_late: bool) -> list[str]:
    """Who, until when, and the state."""
    state = OVERDUE if is_late else STATES[line.state]
    return [line.responsible, full_date(line.due_on), str(state.text)]


def _proposals(content: ReportContent) -> DrawnSection:
    names = [_("Ämne"), _("Antal")]
    rows = [DrawnRow(proposal_name(line), [count_text(line.count)]) for line in content.proposals]
    drawn = _table(_("Förslag från dem som skriver"), names, rows)
    lines = []
    if content.staff_proposals != 0:
        lines.append(_("Förslag från medarbetare: %(count)s.", count=count_text(content.staff_proposals)))
    if content.suggestions != 0 and not drawn:
        lines.insert(0, _("Förslag kom in. Antalet per ämne visas inte."))
    empty = "" if drawn or lines else _("Inget förslag kom in.")
    return DrawnSection("forslag", _("Förslag"), lines=lines, tables=drawn, empty=empty)


def proposal_name(line: ProposalLine) -> str:
    """The topic of a row of proposals."""
    return _("Övriga") if line.merged else line.topic or _("Utan ämne")


def _chosen(report: ReportView) -> DrawnSection:
    empty = "" if report.chosen else _("Inget ärende är valt.")
    return DrawnSection("arenden", _("Utvalda ärenden"), chosen=report.chosen, empty=empty)


def definitions(content: ReportContent) -> list[tuple[str, str]]:
    """What each figure of a report is, and how it was counted."""
    return [(definition.name, definition.counted) for definition in content.definitions]
