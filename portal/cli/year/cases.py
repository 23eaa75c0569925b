"""The cases of a month of the demo's year: the same each time for a municipality, and others for each."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from portal import clock
from portal.cases.deadlines import open_day_after
from portal.cases.enums import Channel, Kind
from portal.cases.models import Case
from portal.cli import demo
from portal.organisation import queries as organisation
from portal.organisation.models import Category
from portal.statistics.published.closed_months import following
from portal.surveys import answers, invitations
from portal.surveys.rules import Helped, Treatment

Month = date
Entry = dict[str, Any]
SUBJECTS = {
    Kind.QUESTION: "En fråga om {topic}",
    Kind.COMPLAINT: "Det fungerar inte som det ska: {topic}",
    Kind.PRAISE: "Tack för ert arbete med {topic}",
    Kind.SUGGESTION: "Ett förslag om {topic}",
    Kind.FAULT_REPORT: "Något är trasigt: {topic}",
}
# How many of each kind in a usual month, and the months in which people write less and answers take longer.
USUAL = {
    Kind.QUESTION: 9,
    Kind.COMPLAINT: 6,
    Kind.PRAISE: 2,
    Kind.SUGGESTION: 3,
    Kind.FAULT_REPORT: 8,
}
SUMMER = (7, 8)
# One of so many is answered late.
LATE, LATE_IN_SUMMER = 14, 5
# And one of so many answers gets the survey answered, or has a measure or a proposal noted.
SURVEYED, NOTED = 3, 3
CHANNELS = (*[Channel.WEB] * 14, *[Channel.PHONE] * 4, Channel.DESK, Channel.LETTER, Channel.MAILBOX)
# Who gave the answer that a sender is not satisfied with: the head of the unit gives the next one.
FIRST_TO_ANSWER = "eva"
ANSWER = "Tack för att du skrev. Vi har tittat på det och gjort det som behövdes."
AGAIN = "Vi har läst det du skrev en gång till. Nu har vi pratat med dem som berörs och ändrat det."
NOTES = {
    Kind.COMPLAINT: ("note_measure", "Vi gick igenom rutinen med dem som arbetar med det här."),
    Kind.FAULT_REPORT: ("note_measure", "Felet är lagat och platsen kontrollerad."),
    Kind.SUGGESTION: ("propose", "Gör som avsändaren föreslår, på prov i ett halvår."),
}
# Cases of the last weeks are those of the demo.
RECENT = timedelta(days=35)


def months(today: date) -> list[Month]:
    """The first days of the months of the year: from January of last year on."""
    month = date(today.year - 1, 1, 1)
    year = []
    while month <= today - RECENT:
        year.append(month)
        month = following(month)
    return year


def submission(month: Month, number: int) -> str:
    """The submission of a case of a month."""
    return f"year-{month:%Y-%m}-{number:06d}"


def entries(month: Month) -> list[Entry]:
    """The cases of a month, the oldest first."""
    profile = organisation.profile()
    lot = Random(f"{profile.key} {month}")  # noqa: S311
    topics = organisation.categories()
    weights = _weights(profile.key, len(topics))
    last = clock.today() - RECENT
    made = []
    for name in profile.kinds:
        for _number in range(_size(lot, profile.key, Kind(name), month)):
            day = month + timedelta(days=lot.randrange(28))
            if day <= last:
                made.append(_entry(lot, Kind(name), day, lot.choices(topics, weights)[0]))
    return sorted(made, key=lambda entry: entry["moment"])


def _weights(municipality: str, count: int) -> list[int]:
    """How much people write about each topic."""
    lot = Random(municipality)  # noqa: S311
    return [lot.randint(3, 9) for _topic in range(count)]


def _size(lot: Random, municipality: str, kind: Kind, month: Month) -> int:
    larger = Random(f"{municipality} {kind}").randint(80, 130)  # noqa: S311
    usual = USUAL[kind] * larger // (135 if month.month in SUMMER else 100)
    return lot.randint(usual * 3 // 4, usual * 5 // 4)


def _entry(lot: Random, kind: Kind, day: date, topic: Category) -> Entry:
    name = topic.name[0].lower() + topic.name[1:]
    subject = SUBJECTS[kind].format(topic=name)
    fate = lot.choice(FATES[kind])
    if fate is _reopened and topic.secrecy_default:
        fate = _answered
    steps = fate(lot, day, topic.handling_unit.key)
    if kind in NOTES and lot.randrange(NOTED) == 0:
        what, text = NOTES[kind]
        steps.append(_step(what, steps[-1]["moment"], topic.handling_unit.key, text=text))
    return {
        "kind": kind.value,
        "category": topic.key,
        "subject": subject,
        "body": f"{subject}.",
        "channel": lot.choice(CHANNELS).value,
        "moment": _at(lot, day),
        "steps": steps,
        "survey": _survey(lot),
        "answer_wanted": fate is not _read,
    }


def _step(what: str, moment: datetime, who: str = "", **more: Any) -> Entry:
    return {"do": what, "moment": moment, **({"who": who} if who else {}), **more}


def _closing(moment: datetime, who: str, text: str = ANSWER) -> Entry:
    return _step("answer", moment, who, text=text, close=True)


def _answered(lot: Random, day: date, who: str) -> list[Entry]:
    return [_closing(_answer_moment(lot, day), who)]


def _contacted(lot: Random, day: date, who: str) -> list[Entry]:
    """A message to the sender first, and the answer some days later."""
    first = _after(lot, day, lot.choice((1, 1, 1, 2, 2, 4)))
    answered = max(_answer_moment(lot, day), first + timedelta(hours=1))
    return [_step("message_sender", first, who, text="Vi har börjat titta på det."), _closing(answered, who)]


def _extended(lot: Random, day: date, who: str) -> list[Entry]:
    """The answer was moved to a later day in time; in the summer for the reason of the profile."""
    profile = organisation.profile()
    promised = profile.promise.answer_working_days
    if promised is None:
        return _contacted(lot, day, who)
    moved = _after(lot, day, promised - 3)
    until = open_day_after(day, promised + 8, organisation.closed_days())
    summer = profile.summer if day.month in SUMMER else None
    reason = summer.reason if summer else "Vi väntar på besked från entreprenören."
    answered = _after(lot, day, promised + lot.randint(1, 7))
    return [_step("extend", moved, who, until=until, text=reason), _closing(answered, who)]


def _reopened(lot: Random, day: date, who: str) -> list[Entry]:
    """The sender was not satisfied, and got another answer."""
    (first,) = _answered(lot, day, FIRST_TO_ANSWER)
    reply = first["moment"] + timedelta(days=lot.randint(1, 4))
    again = _answer_moment(lot, reply.date())
    text = "Jag tycker inte att jag fick svar på det jag frågade."
    return [first, _step("not_satisfied", reply, text=text), _closing(max(again, reply), who, AGAIN)]


def _redirected(lot: Random, day: date, who: str) -> list[Entry]:
    return [
        _step(
            "redirect",
            _after(lot, day, lot.randint(1, 4)),
            who,
            text="Det här ansvarar inte kommunen för.",
            way="Vänd dig till fastighetsägaren.",
        )
    ]


def _withdrawn(lot: Random, day: date, _who: str) -> list[Entry]:
    return [_step("withdraw", _answer_moment(lot, day))]


def _read(lot: Random, day: date, who: str) -> list[Entry]:
    return [_step("no_answer_needed", _after(lot, day, lot.randint(1, 4)), who)]


Fate = Callable[[Random, date, str], list[Entry]]
_USUAL: tuple[Fate, ...] = (
    *[_answered] * 8,
    *[_contacted] * 6,
    _extended,
    _reopened,
    _redirected,
    _withdrawn,
)
FATES: Mapping[Kind, tuple[Fate, ...]] = {
    Kind.QUESTION: _USUAL,
    Kind.COMPLAINT: (*_USUAL, _extended, _reopened),
    Kind.PRAISE: (_read, _read, _answered),
    Kind.SUGGESTION: _USUAL,
    Kind.FAULT_REPORT: _USUAL,
}


def _survey(lot: Random) -> tuple[Helped, Treatment, str] | None:
    """What the sender answers to the survey; None if they do not."""
    if lot.randrange(SURVEYED):
        return None
    helped = lot.choice((*[Helped.YES] * 6, Helped.PARTLY, Helped.PARTLY, Helped.NO))
    treatment = lot.choice((*[Treatment.GOOD] * 7, Treatment.NEITHER, Treatment.BAD))
    comment = "Jag fick svar fort och förstod vad som skulle hända." if lot.randrange(4) == 0 else ""
    return helped, treatment, comment if helped is Helped.YES else ""


def _answer_moment(lot: Random, day: date) -> datetime:
    is_late = lot.randrange(LATE_IN_SUMMER if day.month in SUMMER else LATE) == 0
    days = lot.randint(11, 15) if is_late else min(lot.randint(1, 10), lot.randint(1, 10))
    return _after(lot, day, days)


def _after(lot: Random, day: date, working_days: int) -> datetime:
    return _at(lot, open_day_after(day, working_days, organisation.closed_days()))


def _at(lot: Random, day: date) -> datetime:
    return datetime.combine(day, time(lot.randint(8, 16), lot.randrange(60)), clock.STOCKHOLM)


def create(entry: Entry, submission: str, heads: demo.Crew) -> int:
    """Create a case, do its steps, and answer its survey; returns its id."""
    case = demo.create_case(entry, submission, heads)
    answered = max([step["moment"] for step in entry["steps"]])
    with clock.at(min(answered + timedelta(days=1), clock.now())):
        _answer_survey(case, entry["survey"])
    return case.id


def _answer_survey(case: Case, written: tuple[Helped, Treatment, str] | None) -> None:
    token = invitations.token_for(case)
    if written and token:
        answers.answer(token, *written)
