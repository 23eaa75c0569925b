"""How long a message waits for its next attempt, and when it is given up. Pure."""

from datetime import timedelta

FIRST_SECONDS = 30.0
MAX_SECONDS = 3600.0
JITTER = 0.2
# About a day and a half in all; then the message is a task for a person (docs/operations.md).
MAX_ATTEMPTS = 40
MAX_AGE = timedelta(days=3)
# A message that waited for a server which was away has an age, and still gets its attempts.
MIN_ATTEMPTS = 8


def delay(attempts: int, draw: float) -> float:
    """Seconds until the next attempt: exponential up to an hour; `draw` from [0, 1) for the jitter."""
    # The exponent is bounded too: 2 ** attempts of a damaged row would be a number of any size.
    seconds = min(FIRST_SECONDS * 2.0 ** min(max(attempts - 1, 0), 20), MAX_SECONDS)
    return seconds * (1 - JITTER + 2 * JITTER * draw)


def is_given_up(attempts: int, age: timedelta) -> bool:
    """Whether a message that was not accepted in so many attempts is left to a person."""
    return attempts >= MAX_ATTEMPTS or (age > MAX_AGE and attempts >= MIN_ATTEMPTS)
