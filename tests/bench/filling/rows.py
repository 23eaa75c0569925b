"""The rows of a case: its sender, whether it is open, what happens to it, and what few cases have."""

import json
import random
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from portal import crypto
from portal.cases.deadlines import Pause, explain
from portal.cases.enums import NotifyBy, ReplyBy
from portal.cases.lifecycle import OPEN
from portal.cases.search import analysis, lexemes
from portal.cases.search.index import COUNTED, SAMPLE
from portal.identity.account_linking import NUMBERS
from portal.organisation import queries as organisation
from tests.bench.filling import pool, words
from tests.bench.filling.columns import Sheet, to_json
from tests.bench.filling.frame import Calendar, Frame
from tests.bench.filling.life import Life, Story
from tests.bench.filling.pool import Pool
from tests.bench.filling.staff import FIRST_CITIZEN, identity_number

KINDS = ("question", "complaint", "praise", "suggestion", "fault_report")
CHANNELS = ("web",) * 17 + ("phone", "desk", "mailbox")
REPLY_BY = {"code": 25, "email": 35, "portal": 30, "sms": 10}
# Of one citizen, the first.
MANY_CASES = 200
# One case of two hundred is open, but never so few that a list has no whole page.
OPEN_OF = 200
MIN_OPEN = 170
RECENT_DAYS = 25
OLD_DAYS = 2 * 365


class Maker:
    """Makes the rows of cases."""

    def __init__(self, frame: Frame, texts: Pool, calendar: Calendar, now: datetime) -> None:
        self.frame, self.texts, self.calendar, self.now = frame, texts, calendar, now
        self.cases = calendar.cases
        self.citizens = max(50, self.cases // 10)
        self.weights = [place.weight for place in frame.places]
        self.officers = [officer for group in frame.officers.values() for officer in group]
        self.rare = {self.cases // 7, self.cases // 2, self.cases - 1 - self.cases // 20}
        self._share_the_open()

    def _share_the_open(self) -> None:
        """Nine of ten open cases are recent; the others are older than their promise."""
        wanted = max(self.cases // OPEN_OF, min(MIN_OPEN, self.cases // 4))
        self.recent, self.older = self.calendar.since(RECENT_DAYS), self.calendar.since(OLD_DAYS)
        self.open_of_recent = min(0.9, 0.9 * wanted / max(1, self.cases - self.recent))
        self.open_of_older = 0.1 * wanted / max(1, self.recent - self.older)

    def chunk(self, first: int, last: int) -> Sheet:
        """The rows of the cases from one index up to another."""
        self.random = random.Random(first)
        self.sheet = Sheet(first)
        self.life = Life(self.frame, self.texts, self.now, self.random, self.sheet)
        for index in range(first, last):
            self._case(index)
        for number in range(first * self.citizens // self.cases, last * self.citizens // self.cases):
            self._citizen(number)
        return self.sheet

    def _citizen(self, number: int) -> None:
        known = self.texts.senders[number % len(self.texts.senders)]
        personal = identity_number(number + FIRST_CITIZEN)
        index = pool.binary(crypto.blind_index(NUMBERS, personal))
        row = (self.frame.first_citizen + number, known.name, pool.encrypted(personal), index)
        self.sheet.add("person", *row, False, known.email, known.phone, "none", self.calendar.arrival(0))

    def _case(self, index: int) -> None:
        at = self.calendar.arrival(index)
        place = self.random.choices(self.frame.places, self.weights)[0]
        # A case of yesterday that is over has had a quick answer.
        story = Story(index + 1, index, place, at, pace=min(1.0, (self.now - at) / timedelta(days=30)))
        self._choose_sender(story)
        self._live(story)
        self._row(story)
        self._index(story)
        self._beside(story)

    def _choose_sender(self, story: Story) -> None:
        rng, every = self.random, max(1, self.cases // MANY_CASES)
        number = 1 + int((self.citizens - 1) * rng.random() ** 1.5)
        is_of_first = story.index % every == 0 and story.index // every < MANY_CASES
        story.reply_by = rng.choices(list(REPLY_BY), list(REPLY_BY.values()))[0]
        if is_of_first:
            story.reply_by, number = "portal", 0
        if story.reply_by == "code":
            return
        if story.reply_by == "portal" or rng.random() < 0.3:
            story.person = self.frame.first_citizen + number
        story.sender = self.texts.senders[number % len(self.texts.senders)]
        story.protected = rng.random() < 0.002
        email = story.sender.email if story.reply_by != "sms" else None
        phone = story.sender.phone if story.reply_by == "sms" else None
        self.sheet.add("party", story.id, story.person, story.sender.name, email, phone, story.protected)

    def _is_open(self, index: int) -> bool:
        if index < self.older:
            return False
        share = self.open_of_recent if index >= self.recent else self.open_of_older
        return self.random.random() < share

    def _live(self, story: Story) -> None:
        body = self.random.choice(self.texts.bodies)
        if story.index in self.rare:
            body = pool.text(words.RARE_SENTENCE)
        self.life.arrive(story, body)
        is_open, fate = self._is_open(story.index), self.random.random()
        if is_open and fate < 0.4:
            return
        if not is_open and fate < 0.08:
            self.life.end_unanswered(story, fate)
            return
        self.life.take(story)
        if is_open and fate < 0.55:
            self.life.ask(story)
            story.status, story.paused_on = "awaiting_citizen", story.at.date()
        elif not is_open:
            self.life.answer(story)

    def _row(self, story: Story) -> None:
        rng, place, index = self.random, story.place, story.index
        arrived = self.calendar.arrival(index)
        day, pauses = arrived.date(), to_json(story.pauses)
        story.subject = rng.choice(self.texts.subjects)
        subject = pool.escaped(story.subject)
        story.hidden, record_request = rng.random() < 0.003, rng.random() < 0.005
        due_answer = None if record_request else _due(day, self.frame.answer_days, pauses)
        promise = to_json({"contact": self.frame.contact_days, "answer": self.frame.answer_days})
        code = _fingerprint("code", index) if story.person is None else None
        self.sheet.add(
            "case",
            *(story.id, story.sequence, *self.calendar.number(index), _fingerprint("form", index), code),
            *(rng.choice(KINDS), story.status, story.reason, record_request, rng.choice(CHANNELS)),
            *(story.reply_by, NotifyBy.for_reply(ReplyBy(story.reply_by)), "sv", subject, subject),
            *(story.hidden, *self._secrecy(story, day)),
            *(place.category, *place.responsible, *place.handling, place.branch, story.person),
            story.officer.membership if story.officer else None,
            story.id if story.sender else None,
            *(self.frame.profile_version, promise, day, story.paused_on, pauses, rng.random() < 0.01),
            *(_due(day, self.frame.contact_days, "[]"), due_answer, arrived),
            *(story.contacted_at, story.answered_at, story.closed_at, story.at),
        )

    def _secrecy(self, story: Story, day: date) -> tuple[Any, ...]:
        board = story.place.responsible[1]
        if story.place.provision:
            return "topic", story.place.provision, day, board
        if self.random.random() < 0.002:
            return "marked", "halsa", day, board
        return None, None, None, None

    def _index(self, story: Story) -> None:
        year, number = self.calendar.number(story.index)
        reference = f"{organisation.profile().number_prefix}-{year}-{number:06d}"
        stems = analysis.stored(story.subject, reference, str(number))
        self.life.index(story, "subject", None, stems)
        if story.sender and not (story.protected or story.hidden):
            known = story.sender.by_phone if story.reply_by == "sms" else story.sender.by_email
            self.life.index(story, "party", None, known)
        self._lexemes(story)

    def _lexemes(self, story: Story) -> None:
        """The row by which the case is searched for, as search/index.py writes it."""
        arrived, place = self.calendar.arrival(story.index), story.place
        found = set[str]().union(*map(_of_row, (*story.texts, *story.party)))
        found.update(
            lexemes.of_moment(arrived), map(lexemes.of_unit, {place.handling[0], place.responsible[0]})
        )
        if story.status in OPEN:
            found.add(lexemes.OPEN)
        self.sheet.add("search_case", story.id, arrived, " ".join(sorted(found)))
        weight = 1 if story.id <= COUNTED else SAMPLE
        if story.id % weight == 0:
            words = set(" ".join(story.texts).split())
            self.sheet.words.update(dict.fromkeys(map(_checksum, words), weight))

    def _beside(self, story: Story) -> None:
        """What few cases have: tasks, bars, measures, earlier rounds, whom a sender writes for."""
        rng, add = self.random, self.sheet.add
        is_open = story.closed_at is None and story.answered_at is None
        if rng.random() < (0.03 if is_open else 0.002):
            officer = story.officer.membership if story.officer else None
            done = (None, None) if is_open else (story.at, officer)
            add("task", story.id, "undelivered", story.at, *done)
        if rng.random() < 0.001:
            add("case_bar", story.id, rng.choice(self.officers).person, "concerned", story.at, None)
        if story.officer and rng.random() < 0.005:
            self._measure(story)
        if story.answered_at and rng.random() < 0.01:
            day = self.calendar.arrival(story.index).date()
            dates = (day, "[]", None, _due(day, self.frame.answer_days, "[]"))
            ends = (story.contacted_at, story.answered_at, story.at)
            add("past_clock", story.id, story.place.handling[0], *dates, False, False, *ends)
        if story.sender and rng.random() < 0.01:
            add("representation", story.id, "child", rng.choice(self.texts.senders).name, False)
        if story.id > 10 and rng.random() < 0.003:
            add("case_relation", story.id - rng.randint(1, 9), story.id)

    def _measure(self, story: Story) -> None:
        assert story.officer
        states = (("taken", "done"), ("proposal", "proposed"), ("proposal", "decided"))
        by = (story.officer.membership, story.officer.snapshot)
        body = self.random.choice(self.texts.notes).copied
        self.sheet.add("measure", story.id, *self.random.choice(states), body, *by, story.at)


_checksum = lru_cache(200_000)(lexemes.checksum)


@lru_cache(50_000)
def _of_row(stems: str) -> frozenset[str]:
    return frozenset(lexemes.of_rows([stems]))


def _fingerprint(purpose: str, index: int) -> str:
    return pool.binary(crypto.fingerprint(f"bench {purpose}", str(index)))


@lru_cache(200_000)
def _due(day: date, days: int | None, pauses: str) -> date | None:
    if days is None:
        return None
    waits = [Pause(*map(date.fromisoformat, pause)) for pause in json.loads(pauses)]
    return explain(day, days, organisation.closed_days(), waits).due
