"""Specs of actions on a case as a whole: its last day, its unit, its sender, its secrecy, other cases."""

from flask_babel.speaklater import LazyString

from portal.cases.actions import (
    bars,
    closing,
    extensions,
    handling,
    protection,
    readers,
    routing,
    secrecy,
    subjects,
)
from portal.cases.actions.subjects import other_unit
from portal.cases.groups import merging, relations
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.backoffice import action_forms, date_forms
from portal.web.backoffice.action_forms import text_form
from portal.web.backoffice.case.action_specs import ActionSpec, Bulk, Place, counted
from portal.web.backoffice.case.routing_forms import (
    ContactPersonForm,
    MergeForm,
    OfficerForm,
    OtherCaseForm,
    RestoreForm,
    new_code_page,
)
from portal.web.backoffice.colleague_forms import ColleagueForm, LiftBarForm, RecuseForm
from portal.web.backoffice.correction_forms import ReclassifyForm
from portal.web.backoffice.handover_forms import HandOverForm
from portal.web.backoffice.legal_forms import ForwardForm, LegalMatterForm
from portal.web.backoffice.secrecy_forms import (
    LiftForm,
    LiftMessageForm,
    MarkMessageForm,
    MarkSecrecyForm,
    SubjectForm,
)


def _record_label(case: Case) -> LazyString:
    if case.record_request:
        return _l("Inte längre en begäran om allmän handling")
    return _l("Märk som begäran om allmän handling")


def _secrecy_label(case: Case) -> LazyString:
    if case.secrecy:
        return _l("Ändra sekretessmarkeringen")
    return _l("Sekretessmarkera ärendet")


def _where_it_belongs(case: Case) -> str:
    """Which unit the topic belongs to, if the case is at another."""
    unit = other_unit(case)
    if unit is None:
        return ""
    return _("Ämnet hör till %(unit)s. Lämna över ärendet om de ska svara.", unit=unit.name)


ROUTING: dict[Action, ActionSpec] = {
    Action.RESTORE_READER: ActionSpec(
        readers.restore_reader,
        Place.TOP,
        _l("Ge tillbaka läsningen"),
        _l("Avsändaren kan läsa ärendet igen."),
        form=RestoreForm,
        page=new_code_page,
    ),
    Action.EXTEND: ActionSpec(
        extensions.extend,
        Place.PROMISE,
        _l("Lova en senare dag"),
        _l("Den nya dagen är lovad, och avsändaren får veta det."),
        button=_l("Lova den nya dagen"),
        form=date_forms.ExtendForm,
        bulk=Bulk(
            date_forms.ExtendManyForm,
            button=_l("Lova en senare dag"),
            heading=counted("Lova en senare dag i %(num)s ärende", "Lova en senare dag i %(num)s ärenden"),
            submit=counted("Lova den nya dagen", "Lova den nya dagen i alla"),
            done=counted(
                "%(num)s ärende har en ny dag, och avsändaren får veta det.",
                "%(num)s ärenden har en ny dag, och avsändarna får veta det.",
            ),
        ),
    ),
    Action.SET_NEXT_STEP: ActionSpec(
        extensions.set_next_step,
        Place.NEXT_STEP,
        _l("Ändra nästa steg"),
        _l("Dagen för nästa steg är sparad."),
        button=_l("Spara dagen"),
        form=date_forms.SetNextStepForm,
    ),
    Action.ASSIGN: ActionSpec(
        handling.assign,
        Place.RESPONSIBILITY,
        _l("Fördela"),
        _l("Ansvaret är sparat."),
        button=_l("Spara ansvar"),
        form=OfficerForm,
        unfolded=True,
        bulk=Bulk(
            OfficerForm,
            button=_l("Fördela"),
            heading=counted("Fördela %(num)s ärende", "Fördela %(num)s ärenden"),
            submit=counted("Fördela ärendet", "Fördela ärendena"),
            done=counted("%(num)s ärende är fördelat.", "%(num)s ärenden är fördelade."),
            key="a",
        ),
    ),
    Action.HAND_OVER: ActionSpec(
        routing.hand_over,
        Place.RESPONSIBILITY,
        _l("Lämna över"),
        _l("Ärendet är överlämnat."),
        button=_l("Lämna över ärendet"),
        form=HandOverForm,
        bulk=Bulk(
            HandOverForm,
            button=_l("Lämna över"),
            heading=counted("Lämna över %(num)s ärende", "Lämna över %(num)s ärenden"),
            submit=counted("Lämna över ärendet", "Lämna över ärendena"),
            done=counted("%(num)s ärende är överlämnat.", "%(num)s ärenden är överlämnade."),
        ),
    ),
    Action.NAME_CONTACT: ActionSpec(
        routing.name_contact,
        Place.RESPONSIBILITY,
        _l("Utse kontaktperson"),
        _l("Avsändaren har en kontaktperson."),
        form=ContactPersonForm,
    ),
    Action.RECUSE: ActionSpec(
        bars.recuse,
        Place.RESPONSIBILITY,
        _l("Jag är jävig"),
        _l("Du har anmält jäv. Någon annan tar hand om ärendet."),
        button=_l("Anmäl jäv"),
        form=RecuseForm,
        two_cases=True,
    ),
    Action.MARK_CONCERNED: ActionSpec(
        bars.mark_concerned,
        Place.RESPONSIBILITY,
        _l("Ärendet rör en kollega"),
        _l("Kollegan är jävig och ser inte ärendet längre."),
        button=_l("Märk kollegan som jävig"),
        form=ColleagueForm,
        two_cases=True,
    ),
    Action.LIFT_BAR: ActionSpec(
        bars.lift_bar,
        Place.RESPONSIBILITY,
        _l("Ta bort ett jäv som blev fel"),
        _l("Jävet är borttaget. Kollegan ser ärendet igen, om det hör till enheten."),
        button=_l("Ta bort jävet"),
        form=LiftBarForm,
    ),
    Action.PROTECT: ActionSpec(
        protection.protect,
        Place.FACTS,
        _l("Skydda avsändarens uppgifter"),
        _l("Avsändarens uppgifter är skyddade, i alla ärenden från samma person."),
    ),
    Action.UNPROTECT: ActionSpec(
        protection.unprotect,
        Place.FACTS,
        _l("Ta bort skyddet för avsändarens uppgifter"),
        _l("Avsändarens uppgifter syns igen, i alla ärenden från samma person."),
        button=_l("Ta bort skyddet"),
        form=text_form(
            _l("Skriv varför först"),
            _l("Varför skyddet inte behövs"),
            _l("Texten blir en anteckning i ärendet. Skriv inte namn eller adress i den."),
        ),
    ),
    Action.FLAG_RECORD: ActionSpec(
        routing.flag_record,
        Place.FACTS,
        _l("Begäran om allmän handling"),
        _l("Märket är ändrat."),
        label_for=_record_label,
        form=action_forms.RecordForm,
    ),
    Action.FLAG_MATTER: ActionSpec(
        routing.flag_matter,
        Place.FACTS,
        _l("Märk som överklagande eller annat som alltid tas emot"),
        _l("Märket är sparat."),
        button=_l("Spara märket"),
        form=LegalMatterForm,
        two_cases=True,
    ),
    Action.MARK_SECRECY: ActionSpec(
        secrecy.mark_secrecy,
        Place.FACTS,
        _l("Sekretessmarkera ärendet"),
        _l("Ärendet är sekretessmarkerat."),
        label_for=_secrecy_label,
        button=_l("Sekretessmarkera"),
        form=MarkSecrecyForm,
        bulk=Bulk(
            MarkSecrecyForm,
            button=_l("Sekretessmarkera"),
            heading=counted("Sekretessmarkera %(num)s ärende", "Sekretessmarkera %(num)s ärenden"),
            submit=counted("Sekretessmarkera ärendet", "Sekretessmarkera ärendena"),
            done=counted("%(num)s ärende är sekretessmarkerat.", "%(num)s ärenden är sekretessmarkerade."),
        ),
    ),
    Action.REQUEST_LIFT: ActionSpec(
        secrecy.request_lift,
        Place.FACTS,
        _l("Begär att sekretessen hävs"),
        _l("Du har begärt att sekretessen hävs. En annan person måste häva den."),
        button=_l("Begär hävning"),
        form=LiftForm,
    ),
    Action.LIFT_SECRECY: ActionSpec(
        secrecy.lift_secrecy,
        Place.FACTS,
        _l("Häv sekretessen"),
        _l("Sekretessen är hävd."),
        form=LiftForm,
    ),
    Action.MARK_MESSAGE: ActionSpec(
        secrecy.mark_message,
        Place.ROW,
        _l("Sekretessmarkera meddelandet"),
        _l("Meddelandet är sekretessmarkerat."),
        form=MarkMessageForm,
    ),
    Action.LIFT_MESSAGE: ActionSpec(
        secrecy.lift_message,
        Place.ROW,
        _l("Häv sekretessen för meddelandet"),
        _l("Sekretessen för meddelandet är hävd."),
        form=LiftMessageForm,
    ),
    Action.CORRECT_SUBJECT: ActionSpec(
        subjects.correct_subject,
        Place.FACTS,
        _l("Ändra rubriken"),
        _l("Rubriken är ändrad."),
        button=_l("Spara rubriken"),
        form=SubjectForm,
    ),
    Action.RECLASSIFY: ActionSpec(
        subjects.reclassify,
        Place.FACTS,
        _l("Rätta sort, ämne, nivå eller rubrik"),
        _l("Ärendet är rättat."),
        button=_l("Spara rättelsen"),
        form=ReclassifyForm,
        note=_where_it_belongs,
    ),
    Action.HIDE_SENDER: ActionSpec(
        subjects.hide_sender,
        Place.FACTS,
        _l("Dölj avsändaren"),
        _l("Avsändaren är dold. Namn och adress syns inte i ärendet, i sökningen eller i registret."),
    ),
    Action.SHOW_SENDER: ActionSpec(
        subjects.show_sender,
        Place.FACTS,
        _l("Visa avsändaren igen"),
        _l("Avsändaren syns igen."),
    ),
    Action.SPLIT: ActionSpec(
        relations.split,
        Place.MORE,
        _l("Dela ärendet"),
        _l("Delen har blivit det här ärendet."),
        form=action_forms.SplitForm,
    ),
    Action.RELATE: ActionSpec(
        relations.relate,
        Place.MORE,
        _l("Koppla till ett annat ärende"),
        _l("Ärendena är kopplade."),
        button=_l("Koppla ärendena"),
        form=OtherCaseForm,
        two_cases=True,
    ),
    Action.TRANSFER: ActionSpec(
        closing.close_as_transferred,
        Place.MORE,
        _l("Avsluta: flyttat till ett annat system"),
        _l("Ärendet är avslutat. Avsändaren får veta vart det har flyttat."),
        button=_l("Avsluta ärendet"),
        form=action_forms.MoveForm,
    ),
    Action.FORWARD: ActionSpec(
        closing.forward,
        Place.MORE,
        _l("Avsluta: lämnat till rätt myndighet"),
        _l("Ärendet är avslutat. Avsändaren får veta vem som har det och vilken dag det kom in."),
        button=_l("Avsluta ärendet"),
        form=ForwardForm,
    ),
    Action.REDIRECT: ActionSpec(
        closing.redirect,
        Place.MORE,
        _l("Avsluta: hör inte hit"),
        _l("Ärendet är avslutat. Avsändaren får veta rätt väg."),
        button=_l("Avsluta ärendet"),
        form=action_forms.RedirectForm,
    ),
    Action.MERGE: ActionSpec(
        merging.merge,
        Place.MORE,
        _l("Slå ihop med ett annat ärende"),
        _l("Ärendet är sammanslaget. Avsändaren får samma svar som i det andra."),
        button=_l("Slå ihop ärendena"),
        form=MergeForm,
        two_cases=True,
    ),
    Action.UNRELATE: ActionSpec(
        relations.unrelate,
        Place.ROW,
        _l("Ta bort kopplingen"),
        _l("Kopplingen är borttagen."),
        form=OtherCaseForm,
        two_cases=True,
    ),
}
