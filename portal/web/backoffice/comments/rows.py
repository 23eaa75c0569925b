"""The free texts of the survey as rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.surveys.models import SurveyComment
from portal.words import dates


@dataclass(frozen=True)
class CommentRow:
    """A free text with the unit that it is about and its month."""

    body: str
    unit: str
    month: str


def comment_rows(comments: Iterable[SurveyComment]) -> list[CommentRow]:
    """The rows of a list."""
    return [CommentRow(row.body, row.unit.name, dates.month_span(row.month, row.month)) for row in comments]
