"""What staff can do on the page of a case: for each action its form, its command, and what is then said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.cases.actions import closing, extensions, handling, merging, protection, relations, routing
from portal.cases.enums import MeasureState
from portal.cases.measures import actions as measures
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.web import current
from portal.web.backoffice.answers.forms import AnswerForm
from portal.web.backoffice.case import action_forms, forms
from portal.web.backoffice.case.action_forms import plain

Done = Case | None


@dataclass(frozen=True)
class Deed:
    """A form, made for a case; the command that it leads to; what is said when it is done.

    `many` makes the form for several cases at once, for what may be done with many.
    """

    form: Callable[..., Any]
    do: Callable[[Staff, Case, Any], Done]
    saved: Any
    button: Any = ""
    two_cases: bool = False
    many: Callable[..., Any] | None = None


def _other(actor: Staff, form: forms.OtherCaseForm) -> Case:
    """The other case, if the actor may see it; for them there is no other."""
    found = current.other_case(actor, form.number.data or "")
    if found is None:
        raise merging.WrongCase
    return found


def _split(actor: Staff, case: Case, form: forms.SplitForm) -> Done:
    return relations.split(actor, case, form.subject.data or "", form.seen())


def _settling(to: MeasureState, saved: Any) -> Deed:
    """What is decided about a proposal, each by a button beside it."""
    return Deed(
        plain(forms.SettleForm),
        lambda actor, case, form: measures.settle(actor, case, form.which(), to, form.seen()),
        saved,
    )


DEEDS: dict[str, Deed] = {
    "take": Deed(
        plain(forms.ActionForm),
        lambda actor, case, form: handling.take(actor, case, form.seen()),
        _l("Du handlägger ärendet."),
    ),
    "assign": Deed(
        action_forms.officer,
        lambda actor, case, form: handling.assign(actor, case, form.chosen(), form.seen()),
        _l("Ansvaret är sparat."),
        _l("Spara ansvar"),
        many=action_forms.officers,
    ),
    "answer": Deed(
        action_forms.answer,
        lambda actor, case, form: handling.answer(actor, case, form.body.data, form.seen()),
        _l("Svaret är skickat."),
        many=plain(AnswerForm),
    ),
    "answer_and_close": Deed(
        action_forms.answer,
        lambda actor, case, form: handling.answer(actor, case, form.body.data, form.seen(), close=True),
        _l("Svaret är skickat och ärendet avslutat."),
    ),
    "answer_orally": Deed(
        plain(forms.OralAnswerForm),
        lambda actor, case, form: handling.answer_orally(actor, case, form.body.data, form.seen()),
        _l("Det muntliga svaret är sparat, och avsändaren får veta det."),
        _l("Spara svaret"),
    ),
    "close": Deed(
        plain(forms.ActionForm),
        lambda actor, case, form: handling.close(actor, case, form.seen()),
        _l("Ärendet är avslutat."),
        many=plain(forms.ActionForm),
    ),
    "contact": Deed(
        plain(forms.ContactForm),
        lambda actor, case, form: handling.message_sender(actor, case, form.body.data, form.seen()),
        _l("Meddelandet är skickat."),
        _l("Skicka meddelandet"),
    ),
    "ask": Deed(
        plain(forms.AskForm),
        lambda actor, case, form: handling.request_supplement(
            actor, case, form.body.data, form.seen(), form.last_day()
        ),
        _l("Frågan är skickad. Svarstiden står still tills avsändaren svarar."),
        _l("Skicka frågan"),
    ),
    "go_on": Deed(
        plain(forms.ActionForm),
        lambda actor, case, form: handling.resume(actor, case, form.seen()),
        _l("Svarstiden räknas igen."),
    ),
    "call": Deed(
        plain(forms.CallForm),
        lambda actor, case, form: handling.record_call(actor, case, form.body.data),
        _l("Samtalet är antecknat."),
        _l("Spara samtalet"),
    ),
    "note": Deed(
        plain(forms.NoteForm),
        lambda actor, case, form: handling.note(actor, case, form.body.data),
        _l("Anteckningen är sparad."),
        _l("Spara anteckningen"),
    ),
    "extend": Deed(
        action_forms.extend,
        lambda actor, case, form: extensions.extend(actor, case, form.day(), form.reason.data, form.seen()),
        _l("Den nya dagen är lovad, och avsändaren får veta det."),
        _l("Lova den nya dagen"),
    ),
    "hand_over": Deed(
        action_forms.hand_over,
        lambda actor, case, form: routing.hand_over(
            actor, case, form.chosen(), bool(form.confirmed.data), form.seen()
        ),
        _l("Ärendet är överlämnat."),
        _l("Lämna över ärendet"),
        many=action_forms.hand_over,
    ),
    "name_contact": Deed(
        action_forms.contact_person,
        lambda actor, case, form: routing.name_contact(actor, case, form.chosen(), form.seen()),
        _l("Avsändaren har en kontaktperson."),
        _l("Utse kontaktperson"),
    ),
    "flag_record": Deed(
        plain(forms.ActionForm),
        lambda actor, case, form: routing.flag_record(actor, case, not case.record_request, form.seen()),
        _l("Märket är ändrat."),
    ),
    "protect": Deed(
        plain(forms.ActionForm),
        lambda actor, case, form: protection.protect(actor, case, form.seen()),
        _l("Avsändarens uppgifter är skyddade, i alla ärenden från samma person."),
    ),
    "unprotect": Deed(
        plain(forms.UnprotectForm),
        lambda actor, case, form: protection.unprotect(actor, case, form.body.data, form.seen()),
        _l("Avsändarens uppgifter syns igen, i alla ärenden från samma person."),
        _l("Ta bort skyddet"),
    ),
    "move": Deed(
        plain(forms.MoveForm),
        lambda actor, case, form: closing.close_as_transferred(
            actor, case, form.system.data, form.number.data, form.seen()
        ),
        _l("Ärendet är avslutat. Avsändaren får veta vart det har flyttat."),
        _l("Avsluta ärendet"),
    ),
    "redirect": Deed(
        plain(forms.RedirectForm),
        lambda actor, case, form: closing.redirect(actor, case, form.reason.data, form.way.data, form.seen()),
        _l("Ärendet är avslutat. Avsändaren får veta rätt väg."),
        _l("Avsluta ärendet"),
    ),
    "merge": Deed(
        plain(forms.MergeForm),
        lambda actor, case, form: merging.merge(
            actor, case, _other(actor, form), form.body.data, form.seen()
        ),
        _l("Ärendet är avslutat som samma som ett annat."),
        _l("Slå ihop ärendena"),
        two_cases=True,
    ),
    "unmerge": Deed(
        plain(forms.ActionForm),
        lambda actor, case, form: merging.unmerge(actor, case, form.seen()),
        _l("Ärendet är öppet igen."),
    ),
    "split": Deed(
        plain(forms.SplitForm), _split, _l("Delen har blivit det här ärendet."), _l("Dela ärendet")
    ),
    "relate": Deed(
        plain(forms.OtherCaseForm),
        lambda actor, case, form: relations.relate(actor, case, _other(actor, form)),
        _l("Ärendena är kopplade."),
        _l("Koppla ärendena"),
        two_cases=True,
    ),
    "unrelate": Deed(
        plain(forms.OtherCaseForm),
        lambda actor, case, form: relations.unrelate(actor, case, _other(actor, form)),
        _l("Kopplingen är borttagen."),
        two_cases=True,
    ),
    "measure": Deed(
        plain(forms.MeasureForm),
        lambda actor, case, form: measures.note_measure(actor, case, form.body.data),
        _l("Åtgärden är antecknad."),
        _l("Spara åtgärden"),
    ),
    "propose": Deed(
        plain(forms.ProposeForm),
        lambda actor, case, form: measures.propose(actor, case, form.body.data),
        _l("Förslaget är sparat."),
        _l("Spara förslaget"),
    ),
    "decide": _settling(MeasureState.DECIDED, _l("Förslaget är beslutat.")),
    "carry_out": _settling(MeasureState.DONE, _l("Förslaget är genomfört.")),
    "reject": _settling(MeasureState.REJECTED, _l("Förslaget är avslaget.")),
    "reopen": Deed(
        plain(forms.ActionForm),
        lambda actor, case, form: handling.reopen(actor, case, form.seen()),
        _l("Ärendet är öppet igen. Löftet räknas från i dag."),
    ),
}
