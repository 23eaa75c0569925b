"""The columns that the filler writes, and lines of PostgreSQL's COPY."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

# Ids reserved for each case, by table, so that worker processes never use the same ones.
ROOM = {"message": 6, "trail": 10, "search_text": 16, "read_log": 4, "outbox": 3}
COLUMNS = {
    "party": "id person_id name email phone protected",
    "case": """
        id version year number submission code kind status close_reason record_request channel reply_by
        notify_by language public_subject internal_subject hide_sender
        secrecy secrecy_provision secrecy_marked_on secrecy_board_id
        category_id responsible_unit_id responsible_board_id responsible_administration_id
        handling_unit_id handling_board_id handling_administration_id responsible_branch sender_person_id
        officer_id party_id profile_version_id promise clock_started_on paused_on pauses unsatisfied
        due_contact due_answer received_at contacted_at answered_at closed_at updated_at
        """,
    "message": """
        id case_id direction purpose author_id author_snapshot_id language body arrived_at registered_at
        board_id secrecy_provision secrecy_marked_on secrecy_board_id
        """,
    "trail": "id case_id sequence at event actor_kind actor_id actor_snapshot_id details seal",
    "search_text": "id case_id piece message_id stems",
    "search_case": "case_id received_at lexemes",
    "read_log": "id case_id membership_id at what",
    "outbox": """
        id case_id name medium language message_id state tries created_at next_try_at sent_at
        recipient subject text
        """,
    "task": "case_id kind created_at done_at done_by_id",
    "case_bar": "case_id person_id kind at marked_by_id",
    "measure": "case_id kind state body author_id author_snapshot_id created_at",
    "past_clock": """
        case_id handling_unit_id started_on pauses due_contact due_answer extended_for_summer unsatisfied
        contacted_at answered_at ended_at
        """,
    "representation": "case_id kind name vouched",
    "case_relation": "case_id other_id",
    "person": """
        id name identity_number identity_number_index protected email phone notify_by created_at
        """,
}
# As the portal stores JSON, and as its seals have it.
to_json = json.JSONEncoder(sort_keys=True).encode


class Sheet:
    """The lines of some cases, from a first index on, by table."""

    def __init__(self, first: int) -> None:
        self.lines: dict[str, list[str]] = {name: [] for name in COLUMNS}
        # In how many cases a word of the index occurs, as search_frequency has it.
        self.words: Counter[int] = Counter()
        self.free = {name: first * room + 1 for name, room in ROOM.items()}

    def add(self, table: str, *values: Any) -> None:
        """Add a row, its values in the order of COLUMNS."""
        self.lines[table].append(_line(values))

    def next_id(self, table: str) -> int:
        """An id for a row that is not used yet."""
        self.free[table] += 1
        return self.free[table] - 1


def _line(values: Iterable[Any]) -> str:
    return "\t".join(map(_value, values))


def _value(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    if value is False:
        return "f"
    return str(value)
