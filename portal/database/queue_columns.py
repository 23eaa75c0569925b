"""The columns of the case that the database computes for the queue, and what its index of open cases has.

SQL that both databases read alike; cases/queue/conditions.py has the rules that they serve.
"""

from sqlalchemy import Computed, Index, text

# The statuses of lifecycle.OPEN, as the partial index has them: only the same words are found by it.
IS_OPEN = "status IN ('awaiting_citizen', 'in_progress', 'received')"

FIRST, LAST = "0001-01-01", "9999-12-31"
_CONTACT = "CASE WHEN contacted_at IS NULL THEN due_contact END"
# clocks.own_day() as SQL.
_OWN = (
    "CASE WHEN paused_on IS NOT NULL THEN coalesce(supplement_due, next_step_on) "
    f"ELSE coalesce(due_answer, {_CONTACT}, next_step_on) END"
)
# clocks.pressing_day(): the cases that wait for its answer press too, from the earliest date of them.
_DUE = f"CASE WHEN group_due < coalesce({_OWN}, '{LAST}') THEN group_due ELSE {_OWN} END"
# The date to keep: of the answer or, if none is promised, of the first contact, or of the next step.
KEEP_BY = f"CASE WHEN {IS_OPEN} THEN {_DUE} END"

# The same as a sort key. Requests for public records have no date but are due promptly (TF 2:15): first.
# A keyset cannot compare NULL, so cases without a date get one, after all others.
URGENCY = (
    f"CASE WHEN {IS_OPEN} AND record_request THEN '{FIRST}' "
    f"WHEN {IS_OPEN} THEN coalesce({_DUE}, '{LAST}') ELSE '{LAST}' END"
)

# The length of the promise that `keep_by` is the date of, in working days. NULL for a day that is no promise.
PROMISED_DAYS = (
    "CAST(CASE WHEN paused_on IS NOT NULL THEN NULL WHEN due_answer IS NOT NULL THEN promise ->> 'answer' "
    "WHEN contacted_at IS NULL THEN promise ->> 'contact' END AS INTEGER)"
)

# What a list is limited to, each with an index in the order of arrival.
PLACES = ("category", "officer", "responsible_board")
UNITS = ("handling_unit", "responsible_unit")
# What gives access to cases without secrecy only. There may be a board of which all cases have it.
WIDE_PLACES = (
    "handling_board",
    "handling_administration",
    "responsible_board",
    "responsible_administration",
)
# What few cases have. With all others in its index SQLite would look for those, in place of the open ones.
RARE = ("secrecy", "merged_into_id", "split_from_id")
IS_PUBLIC = "secrecy IS NULL"
IS_ANSWERED = "answered_at IS NOT NULL"

# The sort key, and everything that the lists of open cases and their counts ask of a case.
COVERED = (
    "urgency",
    "id",
    "keep_by",
    "promised_days",
    "status",
    "handling_unit_id",
    "responsible_unit_id",
    "secrecy",
    "sender_person_id",
    "officer_id",
    "category_id",
    "kind",
    "channel",
    "unsatisfied",
    "reopened",
    "received_at",
    "updated_at",
    "handling_board_id",
    "responsible_board_id",
    "handling_administration_id",
    "responsible_administration_id",
    "reader_contested_at",
    "merged_into_id",
)


def computed(expression: str) -> Computed:
    """The default of a column that is computed by this expression."""
    return Computed(expression, persisted=True)


def indexes() -> list[Index]:
    """The indexes of the case that its lists are read from."""
    # Lists of all cases, in the order of arrival: of the portal, and of each place that gives access.
    found_by = [Index("ix_case_received", "received_at", "id")]
    found_by += [Index(f"ix_case_{name}", f"{name}_id", "received_at", "id") for name in PLACES]
    # With the day of its promise: the figures ask for those that began in a period, of any case.
    arrivals = "received_at", "id", "clock_started_on"
    found_by += [Index(f"ix_case_{name}", f"{name}_id", *arrivals) for name in UNITS]
    found_by += [_partial(f"public_{name}", IS_PUBLIC, f"{name}_id", *arrivals) for name in WIDE_PLACES]
    # The answers of a unit in a period, and those in cases that a first-line unit had first.
    found_by.append(_partial("unit_answered", IS_ANSWERED, "handling_unit_id", "answered_at"))
    found_by.append(_partial("first_line_answered", IS_ANSWERED, "first_line_unit_id", "answered_at"))
    found_by += [_partial(name, f"{name} IS NOT NULL", name) for name in RARE]
    # A person's own cases, newest first.
    found_by.append(Index("ix_case_own", "sender_person_id", "id"))
    # Cases without a handler are looked for among those that are not closed.
    unclosed = ("handling_unit_id", "sender_person_id", "id")
    found_by.append(_partial("unclosed", "status <> 'closed'", *unclosed))
    # Few cases are open: what the queue lists and counts of them is in this index.
    return [*found_by, _partial("open", IS_OPEN, *COVERED)]


def _partial(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(f"ix_case_{name}", *columns, postgresql_where=where, sqlite_where=where)
