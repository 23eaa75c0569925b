"""The specs of the actions of staff, in the order in which the page of a case draws them.

To add one, see "How to add an action" in docs/architecture.md.
"""

from flask_babel.speaklater import LazyString

from portal.cases.actions import closing, handling
from portal.cases.groups import merging
from portal.cases.lifecycle import Action, Status
from portal.cases.measures import actions as measures
from portal.cases.models import Case
from portal.translation import lazy_gettext as _l
from portal.web.backoffice import action_forms, date_forms
from portal.web.backoffice.action_forms import text_form
from portal.web.backoffice.answers.bulk_forms import BulkAnswerForm
from portal.web.backoffice.answers.forms import AnswerForm, OralAnswerForm
from portal.web.backoffice.case.actions.desk import DESK
from portal.web.backoffice.case.actions.registration import REGISTRATION
from portal.web.backoffice.case.actions.routing import ROUTING
from portal.web.backoffice.case.actions.specs import ActionSpec, AndNext, Bulk, Place, counted
from portal.web.backoffice.date_forms import contact_form


def _take_label(case: Case) -> LazyString:
    return _l("Börja handlägga") if case.status is Status.RECEIVED else _l("Ta över ärendet")


def _clock_after_question(case: Case) -> LazyString:
    if case.paused_on:
        return _l("Svarstiden står still tills avsändaren svarar.")
    return _l("Svarstiden går vidare.")


SPECS: dict[Action, ActionSpec] = {
    Action.TAKE: ActionSpec(
        handling.take,
        Place.TOP,
        _l("Börja handlägga"),
        _l("Du handlägger ärendet."),
        label_for=_take_label,
        key="t",
        primary=True,
    ),
    Action.CLOSE: ActionSpec(
        handling.close,
        Place.TOP,
        _l("Avsluta ärendet"),
        _l("Ärendet är avslutat."),
        and_next=AndNext(_l("Avsluta och nästa"), _l("%(number)s är avslutat.")),
        bulk=Bulk(
            action_forms.ActionForm,
            button=_l("Avsluta"),
            none=_l("Inget av ärendena går att avsluta: de är inte besvarade"),
            heading=counted("Avsluta %(num)s ärende", "Avsluta %(num)s ärenden"),
            submit=counted("Avsluta ärendet", "Avsluta ärendena"),
            done=counted("%(num)s ärende är avslutat.", "%(num)s ärenden är avslutade."),
        ),
    ),
    Action.NO_ANSWER_NEEDED: ActionSpec(
        closing.no_answer_needed,
        Place.TOP,
        _l("Inget svar behövs"),
        _l("Ärendet är avslutat. Avsändaren får veta att ni har läst."),
        and_next=AndNext(
            _l("Inget svar behövs, och nästa"),
            _l("%(number)s är avslutat. Avsändaren får veta att ni har läst."),
        ),
    ),
    Action.RESUME: ActionSpec(
        handling.resume,
        Place.TOP,
        _l("Fortsätt utan svar"),
        _l("Ni väntar inte längre på invånaren."),
    ),
    Action.UNMERGE: ActionSpec(
        merging.unmerge, Place.TOP, _l("Ångra sammanslagningen"), _l("Ärendet är ett eget igen.")
    ),
    Action.REOPEN: ActionSpec(
        handling.reopen,
        Place.TOP,
        _l("Öppna ärendet igen"),
        _l("Ärendet är öppet igen. Löftet räknas från i dag."),
    ),
    Action.ANSWER: ActionSpec(
        handling.answer,
        Place.ANSWER,
        _l("Skicka svar"),
        _l("Svaret är skickat."),
        sends=_l("Svaret"),
        form=AnswerForm,
        and_close=Action.ANSWER_AND_CLOSE,
        bulk=Bulk(
            BulkAnswerForm,
            button=_l("Svara"),
            none=_l("Inget av ärendena går att svara i"),
            heading=counted("Svara i %(num)s ärende", "Svara i %(num)s ärenden"),
            submit=counted("Skicka svaret", "Skicka svaren"),
            done=counted("%(num)s svar är skickat.", "%(num)s svar är skickade."),
            key="s",
            preview=True,
        ),
    ),
    Action.ANSWER_AND_CLOSE: ActionSpec(
        handling.answer_and_close,
        Place.SECOND_BUTTON,
        _l("Skicka och avsluta"),
        _l("Svaret är skickat och ärendet avslutat."),
        sends=_l("Svaret"),
        afterwards=_l("Ärendet är avslutat."),
        form=AnswerForm,
        and_next=AndNext(_l("Skicka, avsluta och nästa"), _l("%(number)s är besvarat och avslutat.")),
    ),
    Action.REQUEST_SUPPLEMENT: ActionSpec(
        handling.request_supplement,
        Place.TO_SENDER,
        _l("Ställ en fråga"),
        _l("Frågan är skickad."),
        sends=_l("Frågan"),
        afterwards_for=_clock_after_question,
        tab=_l("Fråga"),
        button=_l("Skicka frågan"),
        form=date_forms.AskForm,
    ),
    Action.MESSAGE_SENDER: ActionSpec(
        handling.message_sender,
        Place.TO_SENDER,
        _l("Skriv till avsändaren"),
        _l("Meddelandet är skickat."),
        sends=_l("Meddelandet"),
        tab=_l("Meddelande"),
        button=_l("Skicka meddelandet"),
        form=contact_form(
            _l("Skriv meddelandet först"),
            _l("Ditt meddelande"),
            _l("Till exempel att du har börjat, eller vad som händer nu. Det är inget svar."),
        ),
    ),
    Action.ANSWER_ORALLY: ActionSpec(
        handling.answer_orally,
        Place.TO_SENDER,
        _l("Anteckna ett muntligt svar"),
        _l("Det muntliga svaret är sparat, och avsändaren får veta det."),
        sends=_l("Det muntliga svaret"),
        tab=_l("Muntligt svar"),
        button=_l("Spara svaret"),
        form=OralAnswerForm,
    ),
    Action.NOTE: ActionSpec(
        handling.note,
        Place.FOR_STAFF,
        _l("Skriv anteckning"),
        _l("Anteckningen är sparad."),
        tab=_l("Anteckning"),
        button=_l("Spara anteckningen"),
        form=action_forms.NoteForm,
        key="n",
    ),
    Action.RECORD_CALL: ActionSpec(
        handling.record_call,
        Place.FOR_STAFF,
        _l("Anteckna ett samtal"),
        _l("Samtalet är antecknat."),
        tab=_l("Samtal"),
        button=_l("Spara samtalet"),
        form=contact_form(
            _l("Skriv först vad ni pratade om"),
            _l("Vad ni pratade om"),
            _l("Avsändaren ser att ni har pratat, men inte texten. Den kan bli en allmän handling."),
            versioned=False,
        ),
    ),
    Action.MEASURE: ActionSpec(
        measures.note_measure,
        Place.FOR_STAFF,
        _l("Anteckna en åtgärd"),
        _l("Åtgärden är antecknad."),
        tab=_l("Åtgärd"),
        button=_l("Spara åtgärden"),
        form=text_form(
            _l("Skriv åtgärden först"),
            _l("Vad ni har gjort"),
            _l("Till exempel lagat, ändrat en rutin eller pratat med någon. Avsändaren ser den inte."),
            versioned=False,
        ),
    ),
    Action.PROPOSE: ActionSpec(
        measures.propose,
        Place.FOR_STAFF,
        _l("Föreslå en förbättring"),
        _l("Förslaget är sparat."),
        tab=_l("Förslag"),
        button=_l("Spara förslaget"),
        form=text_form(
            _l("Skriv förslaget först"),
            _l("Vad som kan bli bättre"),
            _l("Nämnden följer upp förslagen. Avsändaren ser det inte."),
            versioned=False,
        ),
    ),
    Action.DECIDE: ActionSpec(
        measures.decide,
        Place.ROW,
        _l("Genomför förslaget"),
        _l("Förslaget ska genomföras."),
        form=action_forms.SettleForm,
    ),
    Action.CARRY_OUT: ActionSpec(
        measures.carry_out,
        Place.ROW,
        _l("Märk förslaget som klart"),
        _l("Förslaget är genomfört."),
        form=action_forms.SettleForm,
    ),
    Action.REJECT: ActionSpec(
        measures.reject,
        Place.ROW,
        _l("Avslå förslaget"),
        _l("Förslaget är avslaget."),
        form=action_forms.SettleForm,
    ),
    **DESK,
    **ROUTING,
    **REGISTRATION,
}


def by_name(name: str) -> Action | None:
    """The action with this name in an address; None if staff have no such action."""
    # Not Action(name): the enum has actions of senders and of the system too.
    return next((action for action in SPECS if action.value == name), None)
