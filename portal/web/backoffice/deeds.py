"""What staff can do on the page of a case: for each action its form, its command, and what is then said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases import (
    answer_templates,
    closing,
    commands,
    extending,
    measures,
    placing,
    protecting,
    queries,
)
from portal.cases.models import Case
from portal.cases.terms import MeasureState
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web import current
from portal.web.backoffice import forms, measure_forms
from portal.web.backoffice.answer_form import AnswerForm

Done = Case | None


@dataclass(frozen=True)
class Deed:
    """A form, made for a case; the command that it leads to; what is said when it is done."""

    form: Callable[..., Any]
    do: Callable[[Staff, Case, Any], Done]
    saved: Any
    button: Any = ""
    two_cases: bool = False


def _plain(form: type[forms.ActionForm]) -> Callable[..., Any]:
    return lambda _actor, _case, **kwargs: form(**kwargs)


def _answer(actor: Staff, case: Case, **kwargs: Any) -> AnswerForm:
    return AnswerForm(answer_templates.fitting(actor, case), **kwargs)


def _officer(actor: Staff, case: Case, **kwargs: Any) -> forms.OfficerForm:
    return forms.OfficerForm(queries.handlers(case), actor.membership, **kwargs)


def _contact_person(actor: Staff, case: Case, **kwargs: Any) -> forms.OfficerForm:
    form = _officer(actor, case, **kwargs)
    form.officer.label.text = _("Kontaktperson")
    return form


def _hand_over(_actor: Staff, _case: Case, **kwargs: Any) -> forms.HandOverForm:
    return forms.HandOverForm([*organisation.categories(), *organisation.units()], **kwargs)


def _extend(_actor: Staff, _case: Case, **kwargs: Any) -> forms.ExtendForm:
    return forms.ExtendForm(**kwargs, **({} if "reason" in kwargs else {"reason": extending.summer_reason()}))


def _other(actor: Staff, form: forms.OtherCaseForm) -> Case:
    """The other case, if the actor may see it; for them there is no other."""
    found = current.other_case(actor, form.number.data or "")
    if found is None:
        raise closing.WrongCase
    return found


def _split(actor: Staff, case: Case, form: forms.SplitForm) -> Done:
    return placing.split(actor, case, form.subject.data or "", form.seen())


def _settling(to: MeasureState, saved: Any) -> Deed:
    """What is decided about a proposal, each by a button beside it."""
    return Deed(
        _plain(measure_forms.SettleForm),
        lambda actor, case, form: measures.settle(actor, case, form.which(), to, form.seen()),
        saved,
    )


DEEDS: dict[str, Deed] = {
    "take": Deed(
        _plain(forms.ActionForm),
        lambda actor, case, form: commands.take(actor, case, form.seen()),
        _l("Du handlägger ärendet."),
    ),
    "assign": Deed(
        _officer,
        lambda actor, case, form: commands.assign(actor, case, form.chosen(), form.seen()),
        _l("Ansvaret är sparat."),
        _l("Spara ansvar"),
    ),
    "answer": Deed(
        _answer,
        lambda actor, case, form: commands.answer(actor, case, form.body.data, form.seen()),
        _l("Svaret är skickat."),
    ),
    "answer_and_close": Deed(
        _answer,
        lambda actor, case, form: commands.answer(actor, case, form.body.data, form.seen(), close=True),
        _l("Svaret är skickat och ärendet avslutat."),
    ),
    "answer_orally": Deed(
        _plain(forms.OralAnswerForm),
        lambda actor, case, form: commands.answer_orally(actor, case, form.body.data, form.seen()),
        _l("Det muntliga svaret är sparat, och avsändaren får veta det."),
        _l("Spara svaret"),
    ),
    "close": Deed(
        _plain(forms.ActionForm),
        lambda actor, case, form: commands.close(actor, case, form.seen()),
        _l("Ärendet är avslutat."),
    ),
    "contact": Deed(
        _plain(forms.ContactForm),
        lambda actor, case, form: commands.contact(actor, case, form.body.data, form.seen()),
        _l("Meddelandet är skickat."),
        _l("Skicka meddelandet"),
    ),
    "ask": Deed(
        _plain(forms.AskForm),
        lambda actor, case, form: commands.ask(actor, case, form.body.data, form.seen(), form.last_day()),
        _l("Frågan är skickad. Svarstiden står still tills avsändaren svarar."),
        _l("Skicka frågan"),
    ),
    "go_on": Deed(
        _plain(forms.ActionForm),
        lambda actor, case, form: commands.go_on(actor, case, form.seen()),
        _l("Svarstiden räknas igen."),
    ),
    "call": Deed(
        _plain(forms.CallForm),
        lambda actor, case, form: commands.call(actor, case, form.body.data),
        _l("Samtalet är antecknat."),
        _l("Spara samtalet"),
    ),
    "note": Deed(
        _plain(forms.NoteForm),
        lambda actor, case, form: commands.note(actor, case, form.body.data),
        _l("Anteckningen är sparad."),
        _l("Spara anteckningen"),
    ),
    "extend": Deed(
        _extend,
        lambda actor, case, form: extending.extend(actor, case, form.day(), form.reason.data, form.seen()),
        _l("Den nya dagen är lovad, och avsändaren får veta det."),
        _l("Lova den nya dagen"),
    ),
    "hand_over": Deed(
        _hand_over,
        lambda actor, case, form: placing.hand_over(
            actor, case, form.chosen(), bool(form.confirmed.data), form.seen()
        ),
        _l("Ärendet är överlämnat."),
        _l("Lämna över ärendet"),
    ),
    "name_contact": Deed(
        _contact_person,
        lambda actor, case, form: placing.name_contact(actor, case, form.chosen(), form.seen()),
        _l("Avsändaren har en kontaktperson."),
        _l("Utse kontaktperson"),
    ),
    "flag_record": Deed(
        _plain(forms.ActionForm),
        lambda actor, case, form: placing.flag_record(actor, case, not case.record_request, form.seen()),
        _l("Märket är ändrat."),
    ),
    "protect": Deed(
        _plain(forms.ActionForm),
        lambda actor, case, form: protecting.protect(actor, case, form.seen()),
        _l("Avsändarens uppgifter är skyddade, i alla ärenden från samma person."),
    ),
    "unprotect": Deed(
        _plain(forms.UnprotectForm),
        lambda actor, case, form: protecting.unprotect(actor, case, form.body.data, form.seen()),
        _l("Avsändarens uppgifter syns igen, i alla ärenden från samma person."),
        _l("Ta bort skyddet"),
    ),
    "move": Deed(
        _plain(forms.MoveForm),
        lambda actor, case, form: closing.move_out(
            actor, case, form.system.data, form.number.data, form.seen()
        ),
        _l("Ärendet är avslutat. Avsändaren får veta vart det har flyttat."),
        _l("Avsluta ärendet"),
    ),
    "redirect": Deed(
        _plain(forms.RedirectForm),
        lambda actor, case, form: closing.redirect(actor, case, form.reason.data, form.way.data, form.seen()),
        _l("Ärendet är avslutat. Avsändaren får veta rätt väg."),
        _l("Avsluta ärendet"),
    ),
    "merge": Deed(
        _plain(forms.MergeForm),
        lambda actor, case, form: closing.merge(
            actor, case, _other(actor, form), form.body.data, form.seen()
        ),
        _l("Ärendet är avslutat som samma som ett annat."),
        _l("Slå ihop ärendena"),
        two_cases=True,
    ),
    "unmerge": Deed(
        _plain(forms.ActionForm),
        lambda actor, case, form: closing.unmerge(actor, case, form.seen()),
        _l("Ärendet är öppet igen."),
    ),
    "split": Deed(
        _plain(forms.SplitForm), _split, _l("Delen har blivit det här ärendet."), _l("Dela ärendet")
    ),
    "relate": Deed(
        _plain(forms.OtherCaseForm),
        lambda actor, case, form: placing.relate(actor, case, _other(actor, form)),
        _l("Ärendena är kopplade."),
        _l("Koppla ärendena"),
        two_cases=True,
    ),
    "unrelate": Deed(
        _plain(forms.OtherCaseForm),
        lambda actor, case, form: placing.unrelate(actor, case, _other(actor, form)),
        _l("Kopplingen är borttagen."),
        two_cases=True,
    ),
    "measure": Deed(
        _plain(measure_forms.MeasureForm),
        lambda actor, case, form: measures.note_measure(actor, case, form.body.data),
        _l("Åtgärden är antecknad."),
        _l("Spara åtgärden"),
    ),
    "propose": Deed(
        _plain(measure_forms.ProposeForm),
        lambda actor, case, form: measures.propose(actor, case, form.body.data),
        _l("Förslaget är sparat."),
        _l("Spara förslaget"),
    ),
    "decide": _settling(MeasureState.DECIDED, _l("Förslaget är beslutat.")),
    "carry_out": _settling(MeasureState.DONE, _l("Förslaget är genomfört.")),
    "reject": _settling(MeasureState.REJECTED, _l("Förslaget är avslaget.")),
    "reopen": Deed(
        _plain(forms.ActionForm),
        lambda actor, case, form: commands.open_again(actor, case, form.seen()),
        _l("Ärendet är öppet igen. Löftet räknas från i dag."),
    ),
}
