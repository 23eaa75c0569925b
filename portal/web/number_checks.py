"""The question about a personnummer in what a person writes: it is removed, or kept by a tick.

It is personal data that few cases need (dataskyddslagen 3 kap. 10 §).
"""

from typing import Any

from flask import request
from wtforms import Field
from wtforms.validators import StopValidation

from portal.formats import identity_numbers
from portal.translation import gettext as _

# The checkbox by which the writer of a text keeps the personnummer in it, before the name of its field.
KEEP_NUMBER = "behall_personnummer_"


class NoIdentityNumber:
    """Ask whether the personnummer in a text is to be there; `asks_number` draws the checkbox for it."""

    field_flags: dict[str, Any] = {}

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises StopValidation."""
        numbers = identity_numbers.find(field.data or "")
        field.asks_number = bool(numbers)
        if numbers and not keeps_number(field.name):
            raise StopValidation(question(numbers[0]))


def question(number: str) -> str:
    """The question about a personnummer in a text."""
    text = _(
        "Det ser ut att stå ett personnummer i texten: %(number)s. Ta bort det om det inte behövs. "
        "Kryssa annars i rutan."
    )
    return text % {"number": masked(number)}


def masked(number: str) -> str:
    """A personnummer without its last four digits: the page may be seen by others than its writer."""
    return f"{number[:-4]}••••"


def keeps_number(field: str) -> bool:
    """Whether the writer has chosen to keep a personnummer in the text of this field."""
    return f"{KEEP_NUMBER}{field}" in request.form
