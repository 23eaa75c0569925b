"""Which faults of a database are an outage of it, by the code of its driver."""

import re
from enum import StrEnum


class Outage(StrEnum):
    """Why the database cannot serve a request now."""

    AWAY = "away"
    CROWDED = "crowded"
    LOCKED = "locked"
    READ_ONLY = "read_only"
    FULL = "full"


class DatabaseUnavailable(Exception):
    """The database cannot serve this request now; the same request may succeed later.

    `broke` says that a connection which had been opened was lost.
    """

    def __init__(self, outage: Outage, broke: bool = False) -> None:
        super().__init__(f"the database is unavailable: {outage.value}")
        self.outage = outage
        self.broke = broke


class UnstorableValue(Exception):
    """A value that no column can hold: a NUL character, a lone surrogate, a number out of range."""


# Result codes of SQLite: https://www.sqlite.org/rescode.html
SQLITE = {
    3: Outage.AWAY,  # PERM
    5: Outage.LOCKED,  # BUSY
    6: Outage.LOCKED,  # LOCKED
    7: Outage.FULL,  # NOMEM
    8: Outage.READ_ONLY,  # READONLY
    10: Outage.FULL,  # IOERR
    11: Outage.AWAY,  # CORRUPT
    13: Outage.FULL,  # FULL
    14: Outage.AWAY,  # CANTOPEN
    15: Outage.LOCKED,  # PROTOCOL
    26: Outage.AWAY,  # NOTADB
}
# SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. The longest prefix decides.
POSTGRESQL = {
    "08": Outage.AWAY,  # connection exception
    "25006": Outage.READ_ONLY,  # read_only_sql_transaction
    "40001": Outage.LOCKED,  # serialization_failure
    "40P01": Outage.LOCKED,  # deadlock_detected
    "53": Outage.FULL,  # insufficient resources
    "53300": Outage.CROWDED,  # too_many_connections
    "55P03": Outage.LOCKED,  # lock_not_available
    "57014": Outage.LOCKED,  # query_canceled, by statement_timeout
    "57P": Outage.AWAY,  # shutting down, starting up
    "58": Outage.FULL,  # system error, such as io_error
}
# A connection that was refused has no SQLSTATE, only the server's message.
TOO_MANY = re.compile(r"too many (clients|connections)|connection slots")
# Errors of a connection, as PEP 249 and psycopg name them.
CONNECTION_ERRORS = {"OperationalError", "InterfaceError", "ConnectionTimeout"}
# psycopg's class 22 by name: DataError itself is a NUL in a text.
DATA_ERRORS = {
    "DataError",
    "NumericValueOutOfRange",
    "UntranslatableCharacter",
    "CharacterNotInRepertoire",
    "StringDataRightTruncation",
    "DatetimeFieldOverflow",
}


def is_unstorable(error: BaseException) -> bool:
    """Whether a driver refused a value, before or after it was sent."""
    # sqlite3 raises Python's own errors for these.
    return isinstance(error, OverflowError | UnicodeError) or type(error).__name__ in DATA_ERRORS


def outage_of(error: BaseException) -> Outage | None:
    """The outage that an exception of sqlite3 or psycopg shows; None for any other fault."""
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        # An extended code has the primary one in its lowest eight bits.
        return SQLITE.get(sqlite_code & 0xFF)
    if hasattr(error, "sqlstate"):
        return _of_postgresql(error, error.sqlstate)
    return None


def _of_postgresql(error: BaseException, sqlstate: str | None) -> Outage | None:
    if sqlstate is None:
        if type(error).__name__ not in CONNECTION_ERRORS:
            return None
        return Outage.CROWDED if TOO_MANY.search(str(error)) else Outage.AWAY
    for length in (5, 3, 2):
        if outage := POSTGRESQL.get(sqlstate[:length]):
            return outage
    return None
