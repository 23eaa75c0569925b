"""Template values of the overview of a citizen's cases."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from portal import clock
from portal.cases import queries
from portal.cases.intake import saved_drafts
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.cases.queries import MessageRow, OwnCase
from portal.cases.senders.first_words import first_words, shortened
from portal.formats.names import given_name
from portal.identity.actors import Citizen
from portal.translation import gettext as _
from portal.translation import ngettext, page_language
from portal.web.support import case_presenter
from portal.words import authors, dates
from portal.words.deadline_breakdown import new_day
from portal.words.kinds import KINDS
from portal.words.labels import SENDER_CLOSE_REASON, SENDER_STATUS
from portal.words.promise import PromiseView

# The statuses where the next step is the citizen's.
WAITING = (Status.AWAITING_CITIZEN, Status.ANSWERED)
WORKING = (Status.RECEIVED, Status.IN_PROGRESS)
# Closed cases that are shown, and how many more each time; the address parameter with their number, and the
# first of those that were added.
SHOWN = 20
PARAMETER = "avslutade"
ADDED = "fler"
MAX_DIGITS = 4
# In place of the number in an address that is built once.
NUMBER = "0"


def shown_closed(count: str) -> int:
    """How many closed cases an address asks for: whole steps, at least one."""
    number = int(count) if count.isascii() and count.isdigit() and len(count) <= MAX_DIGITS else SHOWN
    return min(max(number // SHOWN, 1) * SHOWN, queries.MAX_CLOSED - SHOWN)


def page_values(actor: Citizen, name: str, shown: int = SHOWN) -> dict[str, Any]:
    """The cases in three lists: waiting for the citizen, in progress and closed, of which some are shown."""
    cases = queries.cases_of(actor, closed=shown + 1)
    by_status: dict[Status, list[OwnCase]] = {status: [] for status in Status}
    for case in cases:
        by_status[case.status].append(case)
    answers = queries.latest_answers(actor, [case.id for case in by_status[Status.ANSWERED]])
    working = [case for case in cases if case.status in WORKING]
    promised = queries.cases_by_ids(actor, [case.id for case in working])
    closed = by_status[Status.CLOSED][:shown]
    shown_cases = [case for case in cases if case.status is not Status.CLOSED] + closed
    rows = Rows(first_words(actor, [case.id for case in shown_cases]))
    waiting = [
        _waiting(rows.row(case), case, answers.get(case.id)) for case in cases if case.status in WAITING
    ]
    greeted = given_name(name)
    return {
        "heading": _("Hej %(name)s", name=greeted) if greeted else _("Mina sidor"),
        "lead": _lead(len(waiting)) if cases else "",
        "waiting": waiting,
        "working": [_working(rows.row(case), promised[case.id]) for case in working if case.id in promised],
        "closed": [rows.closed(case) for case in closed],
        "drafts": _drafts(actor),
        "added": shown - SHOWN,
        "more": _more(shown) if len(by_status[Status.CLOSED]) > shown else "",
    }


def _more(shown: int) -> str:
    """The address of the page that shows more closed cases, at the first of them."""
    return url_for("mina_sidor.overview", avslutade=shown + SHOWN, _anchor=ADDED)


def _lead(count: int) -> str:
    if not count:
        return _("Inget väntar på dig just nu.")
    many = dates.capital(dates.number_word(count))
    return ngettext("En sak väntar på dig.", "%(many)s saker väntar på dig.", count, many=many)


def _drafts(actor: Citizen) -> list[dict[str, Any]]:
    """The forms that the person has saved to send later, the one saved last first."""
    today = clock.today()
    drafts = []
    for draft in saved_drafts.of_person(actor):
        when = dates.short_moment(draft.saved_at, today)
        until = dates.short_date(clock.stockholm(draft.expires_at).date(), today)
        drafts.append(
            {
                "subject": case_presenter.shown_subject(shortened(draft.subject)),
                "kind": dates.capital(str(KINDS[draft.kind].name)),
                "when": _("sparat %(when)s, finns till %(until)s", when=when, until=until),
                "href": url_for("public.send", slug=draft.kind.slug, sparat=draft.handle),
                "remove_href": url_for("mina_sidor.remove_draft", handle=draft.handle),
            }
        )
    return drafts


class Rows:
    """Rows of the lists, with the first words of each case. What many rows share is translated once."""

    def __init__(self, questions: Mapping[int, str] | None = None) -> None:
        self.questions = questions or {}
        self.prefix = url_for("mina_sidor.case", number=NUMBER).removesuffix(NUMBER)
        self.language = page_language()
        self.kinds = {kind: dates.capital(str(words.name)) for kind, words in KINDS.items()}
        self.results = {reason: str(text) for reason, text in SENDER_CLOSE_REASON.items()}
        self.sent = _("skickat %(day)s")

    def row(self, case: OwnCase | Case) -> dict[str, Any]:
        """What every list shows of a case."""
        day = dates.weekday_date(clock.stockholm(case.received_at).date())
        number = case.reference
        return {
            "number": number,
            "kind": self.kinds[case.kind],
            "subject": case_presenter.shown_subject(case.public_subject),
            "language": "" if case.language == self.language else case.language,
            "href": f"{self.prefix}{number}",
            "question": self.questions.get(case.id, ""),
            "sent": self.sent % {"day": day},
        }

    def closed(self, case: OwnCase) -> dict[str, Any]:
        """A closed case, with how it ended."""
        return self.row(case) | {"result": self.results[case.close_reason] if case.close_reason else ""}


def _waiting(row: dict[str, Any], case: OwnCase, answer: MessageRow | None) -> dict[str, Any]:
    if case.status is Status.AWAITING_CITIZEN:
        return row | {
            "status": SENDER_STATUS[case.status],
            "text": _("Vi har ställt en fråga till dig."),
            "button": _("Svara på frågan"),
        }
    return row | {
        "status": {"text": _("Nytt svar"), "color": "success"},
        "text": _answered_text(answer),
        "button": _("Läs svaret"),
    }


def _answered_text(answer: MessageRow | None) -> str:
    if answer is None:
        return _("Du har fått svar.")
    when = dates.weekday_date(clock.stockholm(answer.arrived_at).date())
    who, place = authors.name(answer.author), authors.place(answer.author)
    return _("%(who)s på %(place)s svarade %(when)s.", who=who, place=place, when=when)


def _working(row: dict[str, Any], case: Case) -> dict[str, Any]:
    reason = case.extension_reason if case.due_answer else None
    moved = new_day(reason) if reason else ""
    promise = case_presenter.promise(case)
    return row | {"due": _due_text(case, promise), "promise": promise, "moved": moved}


def _due_text(case: Case, promise: PromiseView | None) -> str:
    if promise and promise.late_line:
        return f"{promise.label} {promise.headline}. {promise.late_line}"
    due = case_presenter.due(case)
    if due is None:
        return ""
    day = dates.weekday_date(due)
    if case.due_answer:
        return _("Svar senast %(due)s", due=day)
    return _("Vi hör av oss senast %(due)s", due=day)
