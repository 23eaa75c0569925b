"""The page of a case for its sender, opened by its code or by signing in: replies, thanks, withdrawal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal import clock, db
from portal.audit import trail
from portal.audit.trail import Entry
from portal.budgets import rules as budgets
from portal.cases import parties, queries
from portal.cases.actions import sender as sender_actions
from portal.cases.answers.reactions import has_thanked
from portal.cases.authority.groups import is_member
from portal.cases.clocks import arrival_day
from portal.cases.intake import parts
from portal.cases.lifecycle import OPEN, CloseReason, NotAllowed, Status
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.formats.names import given_name
from portal.identity.actors import Actor, Citizen, CodeHolder
from portal.identity.snapshots import as_now
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import languages
from portal.web.forms import EmptyForm, Form, ReplyForm, ThanksForm, gone_stale, summary
from portal.web.support import case_presenter, notices, rate_limits
from portal.web.support.case_presenter import Head
from portal.words import authors, dates, on_behalf
from portal.words.contact import close_reason, told_by
from portal.words.profile_texts import profile_markup, profile_texts

SENT = _l("Tack. Vi har fått det du skrev.")
WITHDRAWN = _l("Ärendet är återtaget.")
THANKED = _l("Tack. Vi har fått din hälsning.")
ALREADY_THANKED = _l("Du har redan tackat. Om du vill skriva något mer väljer du Skriv mer.")


@dataclass(frozen=True)
class SenderCase:
    """A case that its sender has opened. `read` returns it, locked inside a transaction.

    The blueprint of the request has to have the views case, reply and withdraw.
    """

    actor: Actor
    read: Callable[[], Case]
    template: str


@dataclass(frozen=True)
class PartLink:
    """Another part of the case, and by when it is answered. Without an address it is opened by a form."""

    case: Head
    due: str


def show(opened: SenderCase) -> ResponseReturnValue:
    """Return the page of the case."""
    return _page(opened, ReplyForm(formdata=None), 200)


def reply(opened: SenderCase) -> ResponseReturnValue:
    """Add the posted text to the case: a reply, thanks, or a complaint that the answer did not help."""
    form = ThanksForm() if "thank" in request.form else ReplyForm()
    if not form.validate_on_submit():
        return _page(opened, form, 422)
    tripped = rate_limits.spend(budgets.WRITE_ON_CASE)
    if tripped:
        return _page(opened, form, 429, rate_limits.over_limit_message(tripped))
    body = form.body.data or ""
    if "not_satisfied" in request.form:
        return _act(opened, form, partial(sender_actions.not_satisfied, body=body), _not_satisfied)
    if isinstance(form, ThanksForm):
        # Who only pressed the button has said that word.
        return _act(opened, form, partial(sender_actions.thank, body=body or _("Tack")), THANKED)
    return _act(opened, form, partial(sender_actions.reply, body=body), SENT)


def _not_satisfied(case: Case) -> str:
    return _("Tack för att du säger till. %(who)s", who=_new_owner(case))


def _new_owner(case: Case) -> str:
    """Who has the case of a sender who was not satisfied."""
    officer = queries.officer_of(case)
    if officer is None:
        return _("Vi utser någon annan än den som svarade.")
    return _("%(manager)s tar nu över ärendet.", manager=authors.manager(as_now(officer.id)))


def withdraw(opened: SenderCase) -> ResponseReturnValue:
    """Withdraw the case."""
    if not EmptyForm().validate_on_submit():
        return refuse(opened)
    return _act(opened, ReplyForm(formdata=None), sender_actions.withdraw, WITHDRAWN)


def refuse(opened: SenderCase) -> ResponseReturnValue:
    """Return the page for a form without a valid token."""
    return _page(opened, ReplyForm(formdata=None), 422)


def _act(
    opened: SenderCase, form: ReplyForm, action: Callable[[Actor, Case], None], done: Any
) -> ResponseReturnValue:
    try:
        with db.transaction():
            action(opened.actor, opened.read())
    except sender_actions.AlreadyThanked:
        return _page(opened, form, 409, str(ALREADY_THANKED))
    except (NotAllowed, db.StaleVersion):
        # 409 with the text kept: staff acted on the case while the sender wrote.
        return _page(opened, form, 409, _("Ärendet ändrades medan du skrev. Läs det nya och försök igen."))
    notices.add(_notice_page(), str(done(opened.read()) if callable(done) else done))
    return redirect(_address(".case"), 303)


def _notice_page() -> str:
    """The name of this page among the confirmations: the handle or the number in its address."""
    return "".join((request.view_args or {}).values())


def _page(opened: SenderCase, form: ReplyForm, code: int, note: str = "") -> ResponseReturnValue:
    page = render_template(
        opened.template,
        **_page_values(opened.actor, opened.read()),
        **summary(_errors(form, code, note)),
        reply_form=form,
        reply_href=_address(".reply"),
        withdraw_href=_address(".withdraw"),
        close_href=_address(".close") if request.blueprint == "follow" else "",
        part_href=_address(".open_part") if request.blueprint == "follow" else "",
        along_href=_address(".take_along") if request.blueprint == "follow" else "",
        button_form=EmptyForm(formdata=None),
        saved=notices.take(_notice_page()) if request.method == "GET" else "",
    )
    return page, 200 if languages.is_switched() else code


def _address(endpoint: str) -> str:
    # A relative endpoint is of the request's own blueprint, and the case is named by the same address.
    return url_for(endpoint, **(request.view_args or {}))


def _errors(form: Form, code: int, note: str) -> list[tuple[str, str]]:
    if languages.is_switched():
        return []
    return form.problems() or ([("", note or form.note() or gone_stale())] if code != 200 else [])


def _page_values(actor: Actor, case: Case) -> dict[str, Any]:
    """Return the template values of the page, except its forms."""
    read = queries.messages(actor, case)
    thanked = has_thanked([message.purpose for message in read])
    entries = trail.timeline(actor, case)
    return {
        "case": case_presenter.head(case, case.public_subject),
        "promise": case_presenter.promise(case),
        "messages": [case_presenter.thread_message(message, _("Du")) for message in read],
        "timeline": case_presenter.timeline(entries, staff=False),
        "handed_over": _handed_over(case, entries),
        "together": _together(case),
        "parts": _parts(actor, case, entries),
        "new_owner": _new_owner(case) if case.unsatisfied and case.status in OPEN else "",
        "facts": _facts(case),
        "procedure": procedure(case),
        "actions": {action.value for action in allowed_actions(actor, case)},
        "thanked": thanked,
        **_reply_texts(case, thanked),
    }


def _handed_over(case: Case, entries: Sequence[Entry]) -> str:
    """Which board answers since the last handover to another, and that the promise holds; else empty."""
    # A secrecy mark names a board too, without a ground.
    boards = [entry.details["board"] for entry in entries if "ground" in entry.details]
    if not boards or case.status not in OPEN:
        return ""
    name, _language = profile_texts(organisation.board_names()[boards[-1]])
    return " ".join(filter(None, [_answering_board(case, name), _arrival(case)]))


def _answering_board(case: Case, name: str) -> str:
    due = case.due_answer
    if due is None or case.paused_on or due < clock.today():
        return _("%(board)s svarar nu.", board=name)
    return _("%(board)s svarar nu. Löftet gäller: senast %(due)s.", board=name, due=dates.weekday_date(due))


def _arrival(case: Case) -> str:
    """That the day of arrival counts, of a matter where it does; else empty."""
    if case.matter_passed_on is None:
        return ""
    arrived = dates.weekday_date(arrival_day(case))
    return _("Det kom in till kommunen %(arrived)s, och den dagen gäller.", arrived=arrived)


def _together(case: Case) -> str:
    """That the case is answered with another one, here and by the day that was promised; else empty."""
    if not is_member(case):
        return ""
    due = case.due_answer
    if due is None or case.paused_on or due < clock.today():
        return _("Vi tar hand om ärendet tillsammans med ett annat. Du får svaret här, i ditt eget ärende.")
    text = _(
        "Vi tar hand om ärendet tillsammans med ett annat. Du får svaret här senast %(due)s, som vi lovade."
    )
    return text % {"due": dates.weekday_date(due)}


def _parts(actor: Actor, case: Case, entries: Sequence[Entry]) -> list[PartLink]:
    """The other parts of a case that was split."""
    is_split = case.split_from_id or any(entry.event == "CaseSplit" for entry in entries)
    if not is_split or not isinstance(actor, Citizen | CodeHolder):
        return []
    links = []
    for part in parts.other_parts(actor, case):
        due = None if part.paused_on or part.status not in OPEN else part.due_answer
        href = "" if isinstance(actor, CodeHolder) else url_for(".case", number=part.reference)
        links.append(
            PartLink(
                case_presenter.head(part, part.public_subject, href),
                _("Svar senast %(due)s", due=dates.weekday_date(due)) if due and due >= clock.today() else "",
            )
        )
    return links


def procedure(case: Case) -> Markup | None:
    """The special procedure of the topic, as the municipality's profile describes it; None without one."""
    if case.category and case.category.special_procedure:
        return profile_markup(case.category.special_procedure)
    return None


def _facts(case: Case) -> list[tuple[str, str]]:
    rows = [
        (_("Kontakt"), _contact_name(case) or profile_markup(case.handling_unit.name)),
        (_("Telefon"), organisation.unit_phone(case.handling_unit.key)),
        (_("Vi hör av oss igen"), _told_next_step(case)),
        (_("Ansvarar"), profile_markup(case.responsible_unit.name)),
        (_("Ämne"), profile_markup(case.category.name) if case.category else ""),
        (_("För"), on_behalf.principal_for_sender(parties.own_principal(case))),
        (_("Du får"), told_by(case)),
        (_("Avslutat"), close_reason(case)),
        *case_presenter.close_details(case),
    ]
    return [(term, text) for term, text in rows if text]


def _told_next_step(case: Case) -> str:
    """The day of the next step that is shared, as long as it is ahead; else empty."""
    day = case.next_step_on
    if not case.next_step_shared or day is None or day < clock.today():
        return ""
    return _("senast %(day)s", day=dates.weekday_date(day))


def _contact_name(case: Case) -> str:
    """The name of the contact person, or of the officer if there is none; empty if only the unit has it."""
    member = queries.contact_of(case) or queries.officer_of(case)
    return member.person.name if member else ""


def _reply_texts(case: Case, thanked: bool) -> dict[str, str]:
    name = given_name(_contact_name(case))
    unit, _language = profile_texts(case.handling_unit.name)
    if case.status not in OPEN:
        return {
            "reply_label": _("Skriv till oss"),
            "reply_hint": _reply_hint(case, thanked),
            "reply_button": _("Skriv mer"),
        }
    return {
        "reply_label": _("Skriv tillbaka till %(name)s", name=name) if name else _("Skriv mer"),
        "reply_hint": _reply_hint(case, thanked),
        "reply_button": _("Skicka till %(name)s", name=name or unit),
    }


def _reply_hint(case: Case, thanked: bool) -> str:
    if case.status is Status.AWAITING_CITIZEN:
        return _("Vi behöver ditt svar för att komma vidare.")
    if case.status in OPEN:
        return _("Det du skriver läggs till i ärendet.")
    if thanked or case.close_reason is CloseReason.WITHDRAWN:
        return _("Om du skriver mer öppnas ärendet igen.")
    return _("Välj sedan om du vill tacka, skriva mer eller säga att du inte är nöjd.")
