"""The pause that a server asks for. Pure."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER = timedelta(hours=1)


def retry_after(header: str | None, now: datetime) -> float | None:
    """The seconds of a Retry-After header, at most MAX_RETRY_AFTER; None without one that can be read.

    It holds seconds or a date (RFC 9110, 10.2.3).
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        # More digits than any pause has: int() of a long text costs more than its length.
        seconds = float(text[:10])
    else:
        moment = _moment(text)
        if moment is None:
            return None
        seconds = (moment - now).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER.total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
