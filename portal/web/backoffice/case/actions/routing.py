"""Specs of actions on where a case goes: its last day, its unit and people, and other cases."""

from portal.cases.actions import (
    closing,
    extensions,
    handling,
    routing,
)
from portal.cases.groups import merging, relations
from portal.cases.improvements import commands as improvements
from portal.cases.lifecycle import Action
from portal.translation import lazy_gettext as _l
from portal.web.backoffice import action_forms, date_forms
from portal.web.backoffice.case.actions import confirmations
from portal.web.backoffice.case.actions.specs import ActionSpec, Bulk, Place, counted
from portal.web.backoffice.case.routing_forms import (
    AssignForm,
    ContactPersonForm,
    MergeForm,
    OfficerForm,
    OtherCaseForm,
)
from portal.web.backoffice.handover_forms import HandOverForm
from portal.web.backoffice.improvements.forms import LinkForm, UnlinkForm
from portal.web.backoffice.legal_forms import ForwardForm

ROUTING: dict[Action, ActionSpec] = {
    Action.EXTEND: ActionSpec(
        extensions.extend,
        Place.PROMISE,
        _l("Flytta fram svaret"),
        _l("Svaret är flyttat, och avsändaren får veta det."),
        button=_l("Meddela ny dag"),
        form=date_forms.ExtendForm,
        saved_for=confirmations.extended,
        bulk=Bulk(
            date_forms.ExtendManyForm,
            button=_l("Flytta fram svaret"),
            none=_l("Inget av svaren går att flytta fram"),
            heading=counted("Flytta fram svaret i %(num)s ärende", "Flytta fram svaret i %(num)s ärenden"),
            submit=counted("Meddela ny dag", "Meddela ny dag i alla"),
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
        saved_for=confirmations.next_step_set,
    ),
    Action.ASSIGN: ActionSpec(
        handling.assign,
        Place.RESPONSIBILITY,
        _l("Fördela"),
        _l("Ärendet är fördelat."),
        button=_l("Spara"),
        form=AssignForm,
        saved_for=confirmations.assigned,
        unfolded=True,
        bulk=Bulk(
            OfficerForm,
            button=_l("Fördela"),
            none=_l("Inget av ärendena går att fördela"),
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
        saved_for=confirmations.handed_over,
        bulk=Bulk(
            HandOverForm,
            button=_l("Lämna över"),
            none=_l("Inget av ärendena går att lämna över"),
            heading=counted("Lämna över %(num)s ärende", "Lämna över %(num)s ärenden"),
            submit=counted("Lämna över ärendet", "Lämna över ärendena"),
            done=counted("%(num)s ärende är överlämnat.", "%(num)s ärenden är överlämnade."),
        ),
    ),
    Action.NAME_CONTACT: ActionSpec(
        routing.name_contact,
        Place.RESPONSIBILITY,
        _l("Utse kontaktperson"),
        _l("Avsändaren har fått en kontaktperson."),
        form=ContactPersonForm,
        saved_for=confirmations.contact_named,
    ),
    Action.SPLIT: ActionSpec(
        relations.split,
        Place.OTHER_CASES,
        _l("Dela ärendet"),
        _l("Ärendet är delat. Det här är det nya ärendet."),
        form=action_forms.SplitForm,
        saved_for=confirmations.split,
    ),
    Action.RELATE: ActionSpec(
        relations.relate,
        Place.OTHER_CASES,
        _l("Koppla till ett annat ärende"),
        _l("Ärendena är kopplade."),
        button=_l("Koppla ärendena"),
        form=OtherCaseForm,
        two_cases=True,
    ),
    Action.TRANSFER: ActionSpec(
        closing.close_as_transferred,
        Place.CLOSE_UNANSWERED,
        _l("Avsluta: flyttat till ett annat system"),
        _l("Ärendet är avslutat. Avsändaren får veta vart det har flyttat."),
        button=_l("Avsluta ärendet"),
        form=action_forms.MoveForm,
    ),
    Action.FORWARD: ActionSpec(
        closing.forward,
        Place.CLOSE_UNANSWERED,
        _l("Avsluta: lämnat till rätt myndighet"),
        _l("Ärendet är avslutat. Avsändaren får veta vem som har det och vilken dag det kom in."),
        button=_l("Avsluta ärendet"),
        form=ForwardForm,
    ),
    Action.REDIRECT: ActionSpec(
        closing.redirect,
        Place.CLOSE_UNANSWERED,
        _l("Avsluta: hör inte hit"),
        _l("Ärendet är avslutat. Avsändaren får veta rätt väg."),
        button=_l("Avsluta ärendet"),
        form=action_forms.RedirectForm,
    ),
    Action.MERGE: ActionSpec(
        merging.merge,
        Place.OTHER_CASES,
        _l("Slå ihop med ett annat ärende"),
        _l("Ärendet är hopslaget med ett annat. Avsändaren får samma svar."),
        button=_l("Slå ihop ärendena"),
        form=MergeForm,
        saved_for=confirmations.merged,
        two_cases=True,
    ),
    Action.LINK_IMPROVEMENT: ActionSpec(
        improvements.link,
        Place.ROW,
        _l("Koppla till en förbättring"),
        _l("Ärendet är kopplat till förbättringen."),
        form=LinkForm,
        bulk=Bulk(
            LinkForm,
            button=_l("Koppla till förbättring"),
            none=_l("Inget av ärendena går att koppla"),
            heading=counted(
                "Koppla %(num)s ärende till en förbättring", "Koppla %(num)s ärenden till en förbättring"
            ),
            submit=counted("Koppla ärendet", "Koppla ärendena"),
            done=counted(
                "%(num)s ärende är kopplat till förbättringen.",
                "%(num)s ärenden är kopplade till förbättringen.",
            ),
        ),
    ),
    Action.UNLINK_IMPROVEMENT: ActionSpec(
        improvements.unlink,
        Place.ROW,
        _l("Ta bort kopplingen till en förbättring"),
        _l("Ärendet är inte kopplat till förbättringen längre."),
        form=UnlinkForm,
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
