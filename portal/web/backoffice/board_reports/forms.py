"""The forms of the reports of boards: a new one, its comments, and the text of a chosen case."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.board_reports.chosen_cases import WrongChoice
from portal.board_reports.rules import MAX_COMMENT, MAX_TEXT, ChoiceProblem, Problem, Section
from portal.formats.days import FIRST_YEAR, LAST_YEAR
from portal.statistics.inside.rules import Months, read_month
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.board_reports.labels import CHOICE_PROBLEMS, COMMENTS, PROBLEMS, details
from portal.web.backoffice.figures.choice import written_month
from portal.web.backoffice.improvements.publication_forms import NothingOfAPerson
from portal.web.forms import (
    Form,
    KnownChoice,
    MaxLength,
    PrintableText,
    Required,
    many_lines,
    one_line,
    whole_number,
)

BOARD_MISSING = _l("Välj en nämnd i listan")
MONTH_MISSING = _l("Skriv år och månad, till exempel 2026-05")


class IsMonth:
    """Refuse what is not a month, such as "2026-05"."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        month = read_month(field.data or "")
        if month is None or not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise StopValidation(str(MONTH_MISSING))


def month_field(label: Any) -> StringField:
    """A required month."""
    checks = [Required(MONTH_MISSING), IsMonth()]
    keyboard = {"inputmode": "numeric", "autocomplete": "off"}
    return StringField(
        label,
        filters=[one_line],
        validators=checks,
        description=_l("År och månad, till exempel 2026-05."),
        render_kw=keyboard,
    )


class NewReportForm(Form):
    """The board and the first and the last month of a new report."""

    board = SelectField(
        _l("Nämnd"), validate_choice=False, validators=[Required(BOARD_MISSING), KnownChoice(BOARD_MISSING)]
    )
    first_month = month_field(_l("Från och med månad"))
    last_month = month_field(_l("Till och med månad"))

    def __init__(self, boards: Sequence[tuple[str, str]], usual: Months | None) -> None:
        known = {}
        if usual:
            known = {"first_month": written_month(usual.first), "last_month": written_month(usual.last)}
        super().__init__(data=known)
        self.board.choices = [SelectChoice(key, name) for key, name in boards]
        if len(boards) > 1:
            self.board.choices.insert(0, SelectChoice("", _l("Välj nämnd")))

    def months(self) -> Months:
        """The period; it may end before it begins."""
        first, last = (read_month(field.data or "") for field in (self.first_month, self.last_month))
        assert first
        assert last
        return Months(first, last)

    def refuse(self, problem: Problem) -> None:
        """Say at its field why no report can be made."""
        fields = {
            Problem.UNKNOWN_BOARD: self.board,
            Problem.CLOSED_BOARD: self.board,
            Problem.TOO_LONG: self.first_month,
        }
        fields.get(problem, self.last_month).errors = [PROBLEMS[problem]()]


class VersionForm(Form):
    """A button about a report as its page showed it."""

    version = HiddenField()

    def seen(self) -> int:
        """The version that the page showed; 0 if it is not a number."""
        return whole_number(self.version.data) or 0


def comment_field(section: Section) -> TextAreaField:
    """What is written in a section; it may be empty."""
    label, hint = COMMENTS[section]
    checks = [PrintableText(), MaxLength(MAX_COMMENT), NothingOfAPerson()]
    return TextAreaField(
        label, filters=[many_lines], description=hint, validators=checks, render_kw={"rows": "5"}
    )


def _mark(text: str) -> str:
    """What a field began with, short enough to be sent beside it."""
    return hashlib.sha256(text.encode()).hexdigest()


def began_field() -> HiddenField:
    """The mark of what is stored of a section."""
    return HiddenField(filters=[one_line])


class CommentsForm(VersionForm):
    """The comments of all sections, which several may write at a time.

    Beside each is a mark of what it began with, so that only what its writer has changed is saved.
    """

    summary_began = began_field()
    figures_began = began_field()
    patterns_began = began_field()
    shortcomings_began = began_field()
    improvements_began = began_field()

    summary = comment_field(Section.SUMMARY)
    figures = comment_field(Section.FIGURES)
    patterns = comment_field(Section.PATTERNS)
    shortcomings = comment_field(Section.SHORTCOMINGS)
    improvements = comment_field(Section.IMPROVEMENTS)

    def __init__(self, version: int, comments: Mapping[Section, str]) -> None:
        known = {section.value: text for section, text in comments.items()}
        began = {f"{section}_began": _mark(comments.get(section, "")) for section in Section}
        super().__init__(data=known | began | {"version": str(version)})

    def texts(self) -> list[Field]:
        """The fields, in the order of the report."""
        return [self[section.value] for section in Section]

    def wanted(self) -> dict[Section, str]:
        """What was written, of the sections that were changed."""
        written = {section: self[section.value].data or "" for section in Section}
        return {
            section: text for section, text in written.items() if _mark(text) != self[f"{section}_began"].data
        }

    def begin_again(self, version: int, comments: Mapping[Section, str]) -> dict[str, str]:
        """Take what is stored now where nothing was changed; returns it where it differs from what was."""
        theirs, wanted = {}, self.wanted()
        self.version.data = str(version)
        for section in Section:
            stored = comments.get(section, "")
            self[f"{section}_began"].data = _mark(stored)
            if section not in wanted:
                self[section.value].data = stored
            elif wanted[section] != stored:
                theirs[section.value] = stored
        return theirs


class ChosenCaseForm(VersionForm):
    """The text of a chosen case, which its writer has read through."""

    body = TextAreaField(
        _l("Texten i rapporten"),
        filters=[many_lines],
        description=_l("Behåll det som säger vad det gäller. Ta bort det som säger vem."),
        validators=[
            Required(_l("Skriv texten om ärendet")),
            PrintableText(),
            MaxLength(MAX_TEXT),
            NothingOfAPerson(),
        ],
        render_kw={"rows": "12"},
    )
    read = BooleanField(
        _l("Jag har läst texten. Den säger inte vem det gäller."),
        validators=[Required(_l("Läs texten och kryssa i rutan"))],
    )
    # Shown once the text has something that may be a detail: it is removed, or kept by this tick.
    checked = BooleanField(_l("Det är inget som säger vem det gäller. Det ska vara kvar."))

    def __init__(self, version: int, text: str) -> None:
        super().__init__(data={"version": str(version), "body": text})
        self.asks_details = bool(self.checked.data)

    def text(self) -> str:
        """The text of the case."""
        return self.body.data or ""

    def keeps_details(self) -> bool:
        """Whether what may be a detail is to be kept."""
        return bool(self.checked.data)

    def refuse(self, wrong: WrongChoice) -> None:
        """Say why the case, or its text, cannot be in the report."""
        is_detail = wrong.problem is ChoiceProblem.DETAILS
        self.asks_details = self.asks_details or is_detail
        self.body.errors = [details(wrong.details) if is_detail else CHOICE_PROBLEMS[wrong.problem]()]
