"""What the law says of a case in the stateful test: an oracle that replays what was done.

It speaks by keys of the profile, and never reads what access reads. Secrecy, units, boards and bars follow
from the actions themselves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from portal.organisation import queries as organisation


def board_of(unit: str) -> str:
    """The board of a unit, by keys."""
    return organisation.profile().unit(unit).board


def administration_of(unit: str) -> str:
    """The administration of a unit, by keys."""
    return organisation.profile().unit(unit).administration


@dataclass
class Law:
    """The law of one case: topic and units, secrecy, who is barred, and what other boards have kept of it."""

    topic: str | None
    responsible: str
    handling: str
    secret: bool
    open: bool = True
    sender: int | None = None
    barred: set[int] = field(default_factory=set)
    marked: set[int] = field(default_factory=set)
    kept: dict[int, str] = field(default_factory=dict)
    # What each board had when it handed the case over for the last time: ids of messages.
    former: dict[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of_topic(cls, topic: str | None) -> "Law":
        """That of a new case."""
        if topic is None:
            first = organisation.profile().first_line.key
            return cls(None, first, first, False)
        section = organisation.profile().category(topic)
        return cls(topic, section.responsible_unit, section.handling_unit, section.secrecy_default)

    def part(self) -> "Law":
        """That of a part which is split off: it has the first message, and the marks are of others."""
        return replace(self, barred=set(self.barred), marked=set(), kept={}, former={})

    @property
    def board(self) -> str:
        """The board that answers for the case."""
        return board_of(self.responsible)

    @property
    def units(self) -> frozenset[str]:
        """Both units."""
        return frozenset({self.responsible, self.handling})

    @property
    def boards(self) -> frozenset[str]:
        """The boards of both units."""
        return frozenset(map(board_of, self.units))

    @property
    def administrations(self) -> frozenset[str]:
        """The administrations of both units."""
        return frozenset(map(administration_of, self.units))

    def shuts_out(self, person: int) -> bool:
        """Whether a person handles nothing of it: they sent it, or are barred."""
        return person == self.sender or person in self.barred

    def move(self, place: str, messages: Mapping[int, str], with_ground: bool) -> None:
        """The case goes to a topic or a unit; `messages` are directions by id, of those before the move."""
        before, was = self.board, (self.topic, self.units)
        profile = organisation.profile()
        # A key may be both: that of the unit counts, as in stateful_model.PLACES.
        if place in {unit.key for unit in profile.units}:
            self._to_unit(place)
        else:
            self._to_topic(place)
        # A topic with secrecy gives it again to a case that moves within it.
        if self.topic and was != (self.topic, self.units):
            self.secret = self.secret or profile.category(self.topic).secrecy_default
        if self.board != before:
            self._leave(before, messages, with_ground)

    def reclassify(self, topic: str | None) -> None:
        """The case gets another topic, or none, where it is."""
        if topic and topic != self.topic:
            self.secret = self.secret or organisation.profile().category(topic).secrecy_default
        self.topic = topic

    def _to_topic(self, topic: str) -> None:
        section = organisation.profile().category(topic)
        self.topic, self.responsible, self.handling = topic, section.responsible_unit, section.handling_unit

    def _to_unit(self, unit: str) -> None:
        section = organisation.profile().category(self.topic) if self.topic else None
        if section and section.agreement and section.handling_unit == unit:
            self.handling = unit
            return
        stays = board_of(unit) == self.board or (section is not None and section.responsible_unit == unit)
        self.topic = self.topic if stays else None
        self.responsible = self.handling = unit

    def _leave(self, board: str, messages: Mapping[int, str], with_ground: bool) -> None:
        had = {message for message in messages if self.kept.get(message, board) == board}
        self.former[board] = frozenset(had)
        for message in had:
            self.kept.pop(message, None)
            if messages[message] == "internal" or (message in self.marked and not with_ground):
                self.kept[message] = board

    def readable(self, messages: Collection[int], close: bool) -> set[int]:
        """The messages that staff who see the case read; those who are close read the marked ones too."""
        here = {message for message in messages if self.kept.get(message, self.board) == self.board}
        return here if close else here - self.marked
