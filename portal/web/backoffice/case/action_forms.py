"""The form of each deed, made for the case (or the cases) that it acts on."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.cases import queries
from portal.cases.actions import extensions
from portal.cases.answers import templates as answer_templates
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web.backoffice.answers.forms import AnswerForm
from portal.web.backoffice.case import forms, routing_forms


def plain(form: type[forms.ActionForm]) -> Callable[..., Any]:
    """A form that is the same for every case."""
    return lambda _actor, _case, **kwargs: form(**kwargs)


def answer(actor: Staff, case: Case, **kwargs: Any) -> AnswerForm:
    """With the templates that fit the case."""
    return AnswerForm(answer_templates.templates_for(actor, case), **kwargs)


def officer(actor: Staff, case: Case, **kwargs: Any) -> routing_forms.OfficerForm:
    """With all who may have the case."""
    return routing_forms.OfficerForm(queries.handlers(case), actor.membership, **kwargs)


def officers(actor: Staff, cases: Sequence[Case], **kwargs: Any) -> routing_forms.OfficerForm:
    """With all who may have each of the cases."""
    return routing_forms.OfficerForm(queries.handlers(*cases), actor.membership, **kwargs)


def contact_person(actor: Staff, case: Case, **kwargs: Any) -> routing_forms.OfficerForm:
    """The same people, for another purpose."""
    form = officer(actor, case, **kwargs)
    form.officer.label.text = _("Kontaktperson")
    return form


def hand_over(_actor: Staff, _which: Any, **kwargs: Any) -> routing_forms.HandOverForm:
    """With every topic and every unit."""
    return routing_forms.HandOverForm([*organisation.categories(), *organisation.units()], **kwargs)


def extend(_actor: Staff, _case: Case, **kwargs: Any) -> forms.ExtendForm:
    """With the ready reason of the summer, where it is the time for it."""
    return forms.ExtendForm(
        **kwargs, **({} if "reason" in kwargs else {"reason": extensions.summer_reason()})
    )
