"""Specs of actions on what a case is registered as, and who may read it: marks, secrecy, bars, its sender."""

from flask_babel.speaklater import LazyString

from portal.cases.actions import (
    bars,
    protection,
    readers,
    routing,
    secrecy,
    subjects,
)
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.translation import lazy_gettext as _l
from portal.web.backoffice import action_forms
from portal.web.backoffice.action_forms import text_form
from portal.web.backoffice.case.actions import confirmations
from portal.web.backoffice.case.actions.specs import ActionSpec, Bulk, Place, counted
from portal.web.backoffice.case.routing_forms import (
    RestoreForm,
    new_code_page,
)
from portal.web.backoffice.colleague_forms import ColleagueForm, LiftBarForm, RecuseForm
from portal.web.backoffice.correction_forms import ReclassifyForm
from portal.web.backoffice.legal_forms import LegalMatterForm
from portal.web.backoffice.locations.location_forms import CorrectPlaceForm
from portal.web.backoffice.secrecy_forms import (
    LiftForm,
    LiftMessageForm,
    MarkMessageForm,
    MarkSecrecyForm,
    SubjectForm,
)


def _record_label(case: Case) -> LazyString:
    if case.record_request:
        return _l("Ta bort märkningen som begäran om allmän handling")
    return _l("Märk som begäran om allmän handling")


def _secrecy_label(case: Case) -> LazyString:
    if case.secrecy:
        return _l("Ändra sekretessmarkeringen")
    return _l("Sekretessmarkera ärendet")


REGISTRATION: dict[Action, ActionSpec] = {
    Action.RESTORE_READER: ActionSpec(
        readers.restore_reader,
        Place.TOP,
        _l("Ge tillbaka läsningen"),
        _l("Avsändaren kan läsa ärendet igen."),
        form=RestoreForm,
        page=new_code_page,
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
        _l("Kollegan kan inte längre se ärendet."),
        button=_l("Märk kollegan som jävig"),
        form=ColleagueForm,
        saved_for=confirmations.colleague_barred,
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
        _l("Märkningen är ändrad."),
        label_for=_record_label,
        form=action_forms.RecordForm,
        saved_for=confirmations.record_flagged,
    ),
    Action.FLAG_MATTER: ActionSpec(
        routing.flag_matter,
        Place.FACTS,
        _l("Märk som överklagande eller liknande"),
        _l("Märkningen är sparad."),
        button=_l("Spara märkningen"),
        form=LegalMatterForm,
        saved_for=confirmations.matter_flagged,
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
            none=_l("Inget av ärendena går att sekretessmarkera"),
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
        _l("Rätta typ, ämne, nivå eller rubrik"),
        _l("Ärendet är rättat."),
        button=_l("Spara rättelsen"),
        form=ReclassifyForm,
        saved_for=confirmations.reclassified,
    ),
    Action.CORRECT_PLACE: ActionSpec(
        subjects.correct_place,
        Place.FACTS,
        _l("Rätta platsen"),
        _l("Platsen är rättad."),
        button=_l("Spara platsen"),
        form=CorrectPlaceForm,
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
}
