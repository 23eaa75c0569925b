"""Words of the reports of boards: their states, their sections, and what is refused."""

from collections.abc import Callable, Sequence

from babel.lists import format_list
from flask_babel.speaklater import LazyString

from portal.board_reports.rules import (
    MAX_MONTHS,
    MAX_TEXT,
    ChoiceProblem,
    Problem,
    ReportState,
    Section,
)
from portal.formats.anonymisation import Mask
from portal.statistics.inside.queries import counted_months
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import page_language
from portal.web.backoffice.figures.choice import month_name
from portal.words.labels import Tag

STATES: dict[ReportState, Tag] = {
    ReportState.DRAFT: Tag(_l("Utkast"), "warning"),
    ReportState.FIXED: Tag(_l("Fastställd"), "success"),
}
# The label of the comment on a section, and what is written there.
COMMENTS: dict[Section, tuple[LazyString, LazyString]] = {
    Section.SUMMARY: (_l("Sammanfattning"), _l("Det viktigaste, i några meningar.")),
    Section.FIGURES: (_l("Om tiderna"), _l("Varför det gick som det gick.")),
    Section.PATTERNS: (_l("Om mönstren"), _l("Vad många skriver om, och vad det kan bero på.")),
    Section.SHORTCOMINGS: (_l("Om det som inte blev bra"), _l("Vad som brast, och varför.")),
    Section.IMPROVEMENTS: (_l("Om det ni gör"), _l("Vad ni har bestämt, och vad det har lett till.")),
}
PROBLEMS: dict[Problem, Callable[[], str]] = {
    Problem.REVERSED: lambda: _("Välj en sista månad som inte är före den första"),
    Problem.TOO_LONG: lambda: _("Välj högst %(count)s månader", count=MAX_MONTHS),
    Problem.NOT_COUNTED: lambda: _not_counted(),
    Problem.NOTHING_COUNTED: lambda: _("Ingen månad är färdig än. Försök igen nästa månad."),
    Problem.NOTHING_CAME_IN: lambda: _("Inget kom in till nämnden under perioden. Välj en annan."),
    Problem.UNKNOWN_BOARD: lambda: _("Välj en nämnd i listan"),
    Problem.CLOSED_BOARD: lambda: _("Nämnden är avslutad. Välj en annan."),
}
CHOICE_PROBLEMS: dict[ChoiceProblem, Callable[[], str]] = {
    ChoiceProblem.UNKNOWN_CASE: lambda: _("Vi hittar inget sådant ärende som du kan se. Kontrollera numret."),
    ChoiceProblem.OTHER_BOARD: lambda: _("Ärendet hör till en annan nämnd. Välj ett annat."),
    ChoiceProblem.SECRECY: lambda: _("Ärendet har sekretess och kan inte vara med. Välj ett annat."),
    ChoiceProblem.PROTECTED: lambda: _(
        "Avsändaren är skyddad, så ärendet kan inte vara med. Välj ett annat."
    ),
    ChoiceProblem.ALREADY_CHOSEN: lambda: _("Ärendet är redan med. Ändra texten i rapporten i stället."),
    ChoiceProblem.EMPTY: lambda: _("Skriv texten om ärendet"),
    ChoiceProblem.TOO_LONG: lambda: _("Texten får vara högst %(most)s tecken. Korta den.", most=MAX_TEXT),
    ChoiceProblem.DETAILS: lambda: _("Något i texten kan säga vem det gäller. Ta bort det."),
}


# What a text may have that says who it is about, as parts of a sentence.
DETAILS: dict[Mask, LazyString] = {
    Mask.NAME: _l("ett namn"),
    Mask.EMAIL: _l("en e-postadress"),
    Mask.PHONE: _l("ett telefonnummer"),
    Mask.IDENTITY_NUMBER: _l("ett personnummer"),
    Mask.REFERENCE: _l("ett ärendenummer"),
    Mask.ADDRESS: _l("en adress"),
}


def details(kinds: Sequence[Mask]) -> str:
    """The question about details that a text has."""
    found_kinds = format_list([str(DETAILS[kind]) for kind in kinds], locale=page_language())
    return _(
        "Det ser ut att stå %(details)s i texten. Ta bort det, eller kryssa i rutan.", details=found_kinds
    )


def _not_counted() -> str:
    counted = counted_months()
    latest = month_name(counted.last) if counted else ""
    return _("Månaderna till och med %(month)s är färdiga. Välj bland dem.", month=latest)
