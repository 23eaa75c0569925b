"""The confirmation that is shown on the next case, or in the queue, and is about the case before."""

from flask import url_for
from markupsafe import Markup

from portal.web import current


def linked(notice: str) -> Markup | str:
    """A notice with a link from the number of a case that it begins with."""
    number, space, rest = notice.partition(" ")
    if not current.year_and_number(number):
        return notice
    href = url_for("backoffice.case", number=number)
    return Markup('<a class="ds-link" href="{}">{}</a>{}{}').format(href, number, space, rest)
