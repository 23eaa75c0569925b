"""The columns of the case that the database computes for the queue, and what its index of open cases has.

SQL that both databases read alike; conditions.py has the rules that they serve.
"""

# The statuses of lifecycle.OPEN, as the partial index has them: only the same words are found by it.
IS_OPEN = "status IN ('awaiting_citizen', 'in_progress', 'received')"

_DUE = "coalesce(due_answer, CASE WHEN contacted_at IS NULL THEN due_contact END)"
# The date to keep: that of the answer or, if none is promised, of the first contact. NULL while paused.
KEEP_BY = f"CASE WHEN {IS_OPEN} AND paused_on IS NULL THEN {_DUE} END"

FIRST, LAST = "0001-01-01", "9999-12-31"
# The same as a sort key. Requests for public records have no date but are due promptly (TF 2:15): first.
# A keyset cannot compare NULL, so cases without a date get one, after all others.
URGENCY = (
    f"CASE WHEN {IS_OPEN} AND record_request THEN '{FIRST}' "
    f"WHEN {IS_OPEN} AND paused_on IS NULL THEN coalesce({_DUE}, '{LAST}') ELSE '{LAST}' END"
)

# The length of the promise that `keep_by` is the date of, in working days.
PROMISED_DAYS = (
    "CAST(CASE WHEN due_answer IS NOT NULL THEN promise ->> 'answer' "
    "ELSE promise ->> 'contact' END AS INTEGER)"
)

# What a list is limited to, each with an index in the order of arrival.
PLACES = ("category", "officer", "handling_unit", "responsible_unit", "responsible_board")
# What gives access to cases without secrecy only. There may be a board of which all cases have it.
WIDE_PLACES = (
    "handling_board",
    "handling_administration",
    "responsible_board",
    "responsible_administration",
)
IS_PUBLIC = "secrecy IS NULL"

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
)
