"""The form of each deed, made for the case (or the cases) that it acts on."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.cases import answer_templates, extending, queries
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web.backoffice import forms, placing_forms
from portal.web.backoffice.answer_form import AnswerForm


def plain(form: type[forms.ActionForm]) -> Callable[..., Any]:
    """A form that is the same for every case."""
    return lambda _actor, _case, **kwargs: form(**kwargs)


def answer(actor: Staff, case: Case, **kwargs: Any) -> AnswerForm:
    """With the templates that fit the case."""
    return AnswerForm(answer_templates.fitting(actor, case), **kwargs)


def officer(actor: Staff, case: Case, **kwargs: Any) -> placing_forms.OfficerForm:
    """With all who may have the case."""
    return placing_forms.OfficerForm(queries.handlers(case), actor.membership, **kwargs)


def officers(actor: Staff, cases: Sequence[Case], **kwargs: Any) -> placing_forms.OfficerForm:
    """With all who may have each of the cases."""
    return placing_forms.OfficerForm(queries.handlers(*cases), actor.membership, **kwargs)


def contact_person(actor: Staff, case: Case, **kwargs: Any) -> placing_forms.OfficerForm:
    """The same people, for another purpose."""
    form = officer(actor, case, **kwargs)
    form.officer.label.text = _("Kontaktperson")
    return form


def hand_over(_actor: Staff, _which: Any, **kwargs: Any) -> placing_forms.HandOverForm:
    """With every topic and every unit."""
    return placing_forms.HandOverForm([*organisation.categories(), *organisation.units()], **kwargs)


def extend(_actor: Staff, _case: Case, **kwargs: Any) -> forms.ExtendForm:
    """With the ready reason of the summer, where it is the time for it."""
    return forms.ExtendForm(**kwargs, **({} if "reason" in kwargs else {"reason": extending.summer_reason()}))
