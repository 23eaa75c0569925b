"""What every log line passes: level, time, the place of an exception, and the removal of personal data."""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# A field of these names could only hold personal data, a secret or the way to an anonymous case.
PERSONAL = frozenset(
    {
        *("name", "given_name", "family_name", "email", "phone", "identity_number", "prid", "person"),
        *("body", "subject", "text", "html", "to", "recipient", "sender", "question", "words"),
        *("case", "number", "reference", "code", "token", "submission", "session", "sid", "sub", "state"),
        *("address", "ip", "remote_addr", "user_agent", "path", "url", "query", "headers", "cookie"),
        *("password", "secret", "key", "id_token", "request_id"),
    }
)
REMOVED = "[removed]"
# Written by the processors here, of names and lines of code.
OWN_FIELDS = frozenset({"event", "level", "timestamp", "exception", "frames", "logger"})
MAX_VALUE = 200
MAX_FRAMES = 12
# An e-mail address, six digits in a row however they are grouped, a token, and the query of an address.
MASKED = re.compile(
    r"[^\s@]{1,64}@[^\s@]{1,255}|\+?\d(?:[ -]?\d){5,}|(?<![\w-])(?=[A-Za-z_-]*\d)[\w-]{20,}|\?\S{1,500}"
)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Seconds between two tracebacks of the same place: a database that is away fails every request.
QUIET = 60.0
ROOT = Path(__file__).parents[2]

_shown: dict[str, float] = {}


def summarize_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its types and the lines of code, without messages or values.

    The lines are left out if the same place has failed within QUIET seconds.
    """
    error = _exception(event.pop("exc_info", None))
    if error is None:
        return event
    frames = list(_frames(error.__traceback__))[-MAX_FRAMES:]
    event["exception"] = " from ".join(_qualified_name(cause) for cause in _chain(error))
    if _is_due(f"{event['exception']} {frames[-1:]}"):
        event["frames"] = frames
    return event


def _exception(info: Any) -> BaseException | None:
    if info is True:
        return sys.exc_info()[1]
    error = info[1] if isinstance(info, tuple) else info
    return error if isinstance(error, BaseException) else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _qualified_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{_short(code.co_filename)}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next


def _short(file: str) -> str:
    path = Path(file)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _is_due(place: str) -> bool:
    now = time.monotonic()
    last = _shown.get(place)
    if last is not None and now - last < QUIET:
        return False
    # A place is a line of code, so there are few; cleared against an unforeseen many.
    if len(_shown) > 1000:
        _shown.clear()
    _shown[place] = now
    return True


def remove_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Remove fields that are PERSONAL, and mask what looks like personal data in the others."""
    for name, value in event.items():
        if name in PERSONAL:
            event[name] = REMOVED
        # Fields of structlog itself begin with an underscore and are not written.
        elif name not in OWN_FIELDS and not name.startswith("_"):
            event[name] = _harmless(value)
    return event


def _harmless(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    # Any other object could hold whatever its text shows.
    return masked(str(value)) if isinstance(value, str) else type(value).__name__


def masked(text: str) -> str:
    """One line of at most MAX_VALUE signs, without addresses, long numbers, tokens and queries."""
    # Cut before the search, so that its work is bounded.
    line = UNPRINTABLE.sub(" ", text[: 2 * MAX_VALUE])
    return MASKED.sub("#", line)[:MAX_VALUE]


def name_library(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn a line of a library into an event: its logger, and the template of its message."""
    event["logger"] = event["_record"].name
    event["message"] = str(event["event"])
    event["event"] = "library.message"
    return event


SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    summarize_exception,
    remove_personal_data,
)
