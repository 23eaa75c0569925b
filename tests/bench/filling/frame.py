"""What rows of cases refer to, read once: topics, units, officers, and the calendar of the arrivals."""

import bisect
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from portal import clock, db
from portal.identity.actors import Role
from portal.identity.models import Membership, MembershipSnapshot, Person
from portal.organisation import queries as organisation

# Topics by how much is written about each.
WEIGHTS = {
    "parker": 18,
    "gator": 20,
    "avfall": 14,
    "skola": 10,
    "forskoleplats": 6,
    "aldre": 4,
    "bygga": 10,
    "kultur": 6,
    "bemotande": 4,
    "webb": 3,
}
WITHOUT_TOPIC = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Where a case belongs: the columns of its topic, in the order of rows.PLACE."""

    weight: int
    category: int | None
    responsible: tuple[int, int, int]
    handling: tuple[int, int, int]
    branch: str
    provision: str | None


@dataclass(frozen=True)
class Officer:
    """A membership that handles cases, with its snapshot."""

    membership: int
    snapshot: int
    person: int


@dataclass(frozen=True)
class Frame:
    """What the rows refer to."""

    places: list[Place]
    officers: dict[int, list[Officer]]
    registrars: list[Officer]
    profile_version: int
    contact_days: int | None
    answer_days: int | None
    first_citizen: int


def read() -> Frame:
    """Read them from the database of this process."""
    promise = organisation.profile().promise
    with db.engine().connect() as connection:
        next_person = connection.scalar(sa.select(sa.func.max(Person.id))) or 0
    with db.transaction():
        return Frame(
            places=_places(),
            officers=_officers(Role.OFFICER),
            registrars=[officer for group in _officers(Role.REGISTRAR).values() for officer in group],
            profile_version=organisation.profile_version().id,
            contact_days=promise.contact_working_days,
            answer_days=promise.answer_working_days,
            first_citizen=next_person + 1,
        )


def _places() -> list[Place]:
    places = []
    for topic in organisation.categories():
        responsible, handling = topic.responsible_unit, topic.handling_unit
        places.append(
            Place(
                WEIGHTS.get(topic.key, 1),
                topic.id,
                (responsible.id, responsible.board_id, responsible.administration_id),
                (handling.id, handling.board_id, handling.administration_id),
                responsible.branch,
                topic.secrecy_provision if topic.secrecy_default else None,
            )
        )
    first = organisation.first_line()
    unit = (first.id, first.board_id, first.administration_id)
    return [*places, Place(WITHOUT_TOPIC, None, unit, unit, first.branch, None)]


def _officers(role: Role) -> dict[int, list[Officer]]:
    """The memberships of a role, by unit."""
    query = sa.select(Membership.unit_id, Membership.id, MembershipSnapshot.id, Membership.person_id)
    query = query.join(MembershipSnapshot, MembershipSnapshot.membership_id == Membership.id)
    found: dict[int, list[Officer]] = {}
    for unit, *ids in db.session().execute(query.where(Membership.role == role).order_by(Membership.id)):
        found.setdefault(unit or 0, []).append(Officer(*ids))
    return found


class Calendar:
    """When each of so many cases came in, the oldest first: over ten years, each with more than the last."""

    def __init__(self, cases: int, today: date | None = None) -> None:
        self.cases = cases
        self.today = today or clock.today()
        # Few cases would be spread so thinly over ten years that no list had a whole page.
        self.days = min(3_650, max(180, cases // 27))
        self.first = self.today - self.days * DAY
        self.year_starts = self._year_starts()

    def arrival(self, index: int) -> datetime:
        """The moment of a case, between six in the morning and ten at night in Sweden; never after today."""
        day, part = divmod((index / self.cases) ** 0.8 * self.days, 1)
        # A clock of sixteen hours keeps the order of the cases, and every case in the year of its number.
        moment = datetime.combine(self.first + day * DAY, time(5), UTC)
        return moment + timedelta(seconds=int(part * 16 * 3600), microseconds=index % 999_983 + 1)

    def number(self, index: int) -> tuple[int, int]:
        """The year and the number of a case: a series for each year, without gaps."""
        year = self.arrival(index).year
        return year, index - self.year_starts[year] + 1

    def since(self, days: int) -> int:
        """The index of the first case of the last so many days."""
        moment = datetime.combine(self.today - days * DAY, time(0), UTC)
        return bisect.bisect_left(range(self.cases), moment, key=self.arrival)

    def series(self) -> dict[int, int]:
        """The last number of each year."""
        starts = [*self.year_starts.values(), self.cases]
        return {
            year: starts[place + 1] - start for place, (year, start) in enumerate(self.year_starts.items())
        }

    def _year_starts(self) -> dict[int, int]:
        years = range(self.arrival(0).year, self.arrival(self.cases - 1).year + 1)
        return {year: bisect.bisect_left(range(self.cases), year, key=self._year) for year in years}

    def _year(self, index: int) -> int:
        return self.arrival(index).year
