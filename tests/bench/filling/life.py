"""What happens to a case, as rows: messages, trail, read log, outbox and index."""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal import hash_chain
from tests.bench.filling import pool
from tests.bench.filling.columns import Sheet, to_json
from tests.bench.filling.frame import Frame, Officer, Place
from tests.bench.filling.pool import Pool, Sender, Text


@dataclass
class Story:
    """A case while its rows are made; `at` is the moment that it has come to."""

    id: int
    index: int
    place: Place
    at: datetime
    pace: float
    officer: Officer | None = None
    person: int | None = None
    sender: Sender | None = None
    protected: bool = False
    hidden: bool = False
    reply_by: str = "code"
    subject: str = ""
    status: str = "received"
    reason: str | None = None
    pauses: list[list[str]] = field(default_factory=list)
    paused_on: date | None = None
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    sequence: int = 0
    seal: bytes = hash_chain.GENESIS_SEAL
    # Its rows of the index, those of the sender apart.
    texts: list[str] = field(default_factory=list)
    party: list[str] = field(default_factory=list)


@dataclass
class Life:
    """Lets things happen to cases, up to now."""

    frame: Frame
    texts: Pool
    now: datetime
    random: random.Random
    sheet: Sheet

    def arrive(self, story: Story, body: Text) -> None:
        """The sender sends it in."""
        self._message(story, "in", None, body)
        self._event(story, "CaseReceived", {})
        self._outbox(story, "received")

    def end_unanswered(self, story: Story, fate: float) -> None:
        """It is withdrawn, or does not belong here."""
        self._wait(story, 2)
        story.officer = self._officer_of(story.place)
        ends = (
            ("withdrawn", "CaseWithdrawn"),
            ("outside", "CaseRedirected"),
            ("transferred", "CaseTransferred"),
        )
        story.reason, event = ends[0 if fate < 0.03 else 1 if fate < 0.06 else 2]
        story.status, story.closed_at = "closed", story.at
        self._event(story, event, {}, None if story.reason == "withdrawn" else story.officer)

    def take(self, story: Story) -> None:
        """An officer of its unit takes it, and may note something."""
        rng = self.random
        self._wait(story, 3)
        story.status = "in_progress"
        story.officer = officer = self._officer_of(story.place)
        self._reading(story, officer)
        names = {"officer": officer.membership, "officer_snapshot": officer.snapshot}
        self._event(story, "CaseTaken", names, officer)
        if rng.random() < 0.25:
            self._wait(story, 1)
            note = self._message(story, "internal", None, rng.choice(self.texts.notes), officer)
            self._event(story, "NoteAdded", {"message": note}, officer)
        if rng.random() < 0.1:
            self._reading(story, rng.choice(self.frame.registrars))

    def ask(self, story: Story) -> None:
        """The officer asks the sender for a supplement."""
        self._wait(story, 2)
        text = self.random.choice(self.texts.answers)
        question = self._message(story, "out", "question", text, story.officer)
        self._event(story, "SupplementRequested", {"message": question}, story.officer)
        story.contacted_at = story.contacted_at or story.at

    def answer(self, story: Story) -> None:
        """The officer answers, some after a supplement and some late, and closes it then or later."""
        rng = self.random
        if rng.random() < 0.2:
            self._ask_and_wait(story)
        self._wait(story, 14 if rng.random() < 0.1 else 6)
        self._reading(story, story.officer)
        answer = self._message(story, "out", "answer", rng.choice(self.texts.answers), story.officer)
        story.answered_at, story.contacted_at = story.at, story.contacted_at or story.at
        self._close(story, answer)
        self._outbox(story, "answered")

    def index(self, story: Story, piece: str, message: int | None, rows: Iterable[str]) -> None:
        """Rows of the full-text index."""
        for stems in rows:
            (story.party if piece == "party" else story.texts).append(stems)
            self.sheet.add("search_text", self.sheet.next_id("search_text"), story.id, piece, message, stems)

    def _ask_and_wait(self, story: Story) -> None:
        self.ask(story)
        asked = story.at
        self._wait(story, 4)
        reply = self._message(story, "in", None, self.random.choice(self.texts.bodies))
        self._event(story, "SupplementReceived", {"message": reply})
        story.pauses.append([asked.date().isoformat(), story.at.date().isoformat()])

    def _close(self, story: Story, answer: int) -> None:
        at_once = self.random.random() < 0.6
        name = "CaseAnsweredAndClosed" if at_once else "CaseAnswered"
        self._event(story, name, {"message": answer}, story.officer)
        story.status = "answered"
        # Of those that were answered lately, some are still to be closed.
        if at_once or self.random.random() < 0.5 or self.now - story.at > timedelta(days=20):
            if not at_once:
                self._wait(story, 10)
                self._event(story, "CaseClosed", {}, story.officer)
            story.status, story.reason, story.closed_at = "closed", "answered", story.at

    def _wait(self, story: Story, days: float) -> None:
        """Time passes: at most so many days, and never beyond now."""
        step = timedelta(seconds=60 + self.random.random() * days * 86_400 * story.pace)
        story.at = min(story.at + step, self.now)

    def _officer_of(self, place: Place) -> Officer:
        return self.random.choice(self.frame.officers.get(place.handling[0]) or self.frame.registrars)

    def _message(
        self, story: Story, direction: str, purpose: str | None, text: Text, author: Officer | None = None
    ) -> int:
        number, board = self.sheet.next_id("message"), story.place.responsible[1]
        by = (author.membership, author.snapshot) if author else (None, None)
        mark: tuple[Any, ...] = (None, None, None)
        if direction == "in" and self.random.random() < 0.0005:
            mark = ("halsa", story.at.date(), board)
        row = (number, story.id, direction, purpose, *by, "sv", text.copied, story.at, story.at, board, *mark)
        self.sheet.add("message", *row)
        self.index(story, "message", number, text.stems)
        return number

    def _event(
        self, story: Story, name: str, details: dict[str, Any], officer: Officer | None = None
    ) -> None:
        """An entry of the trail, sealed as portal/audit/trail.py does."""
        story.sequence += 1
        kind, actor, snapshot = "code_holder", story.person, officer.snapshot if officer else None
        if officer:
            kind, actor = "staff", officer.membership
        elif story.person:
            kind = "citizen"
        content = [story.id, story.sequence, story.at.isoformat(), name, kind, actor, details]
        if snapshot is not None:
            content.append(snapshot)
        story.seal = hashlib.sha256(story.seal + to_json(content).encode()).digest()
        entry = (story.sequence, story.at, name, kind, actor, snapshot, to_json(details))
        self.sheet.add("trail", self.sheet.next_id("trail"), story.id, *entry, pool.binary(story.seal))

    def _reading(self, story: Story, officer: Officer | None) -> None:
        assert officer
        row = (self.sheet.next_id("read_log"), story.id, officer.membership, story.at, "case")
        self.sheet.add("read_log", *row)

    def _outbox(self, story: Story, name: str) -> None:
        if story.reply_by not in ("email", "sms") or not story.sender:
            return
        by_sms, number = story.reply_by == "sms", self.sheet.next_id("outbox")
        recipient = story.sender.phone if by_sms else story.sender.email
        # Recipient and content are cleared after thirty days.
        is_recent = self.now - story.at < timedelta(days=30)
        content = (recipient, recipient, recipient) if is_recent else (None, None, None)
        head = (number, story.id, name, story.reply_by, "sv", f"<{number}@kontakt.example>", "sent", 1)
        self.sheet.add("outbox", *head, story.at, story.at, story.at, *content)
