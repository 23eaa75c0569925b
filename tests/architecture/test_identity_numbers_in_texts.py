"""Each text that is kept asks about a personnummer in it: a new field cannot forget to."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.fields.core import UnboundField

import portal.web
from portal.board_reports.rules import Section
from portal.web.forms import Form
from portal.web.number_checks import NoIdentityNumber

# Names and addresses, what is searched for, codes and numbers of cases; a draft is not sent yet.
OTHERS = {
    ("AnswerTemplateForm", "name"),
    ("SaveViewForm", "name"),
    ("SearchForm", "name"),
    ("DraftForm", "body"),
    # Published: such a number is refused, with nothing to tick.
    ("PublicationForm", "you_said"),
    ("PublicationForm", "we_did"),
    ("ChosenCaseForm", "body"),
    *(("CommentsForm", section.value) for section in Section),
}
NO_TEXT = frozenset(
    {
        *("child", "code", "email", "helped", "name", "notify_email", "notify_phone", "number"),
        *("organisation", "organisation_number", "phone", "website", "nummer"),
        # Days and times.
        *("arrived_at", "arrived_on", "at", "day", "due_on", "first", "followed_up_on", "last", "next_step"),
        *("arrived_on", "arrived_at", "until", "first_month", "last_month"),
    }
)


def forms(base: type[Form] = Form) -> Iterator[type[Form]]:
    for each in base.__subclasses__():
        yield each
        yield from forms(each)


def texts() -> Iterator[tuple[str, str, Any]]:
    """(form, field, its definition) of each field that people write a text in."""
    for module in pkgutil.walk_packages(portal.web.__path__, "portal.web."):
        importlib.import_module(module.name)
    for form in set(forms()):
        for name, field in vars(form).items():
            if isinstance(field, UnboundField) and field.field_class in (StringField, TextAreaField):
                yield form.__name__, name, field


def asks(field: Any) -> bool:
    return any(isinstance(check, NoIdentityNumber) for check in field.kwargs.get("validators", ()))


def test_every_text_that_is_kept_asks_about_a_personnummer() -> None:
    found = list(texts())
    assert len(found) > 20
    silent = {(form, name) for form, name, field in found if name not in NO_TEXT and not asks(field)}
    assert silent - OTHERS == set()
    # Nothing is left in the list that has come to ask, or is no more.
    assert {(form, name) for form, name, _field in found if (form, name) in OTHERS} <= silent | OTHERS
