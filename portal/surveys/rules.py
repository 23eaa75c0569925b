"""The answers of the survey, whom it asks, and for how long. Pure."""

from datetime import timedelta
from enum import StrEnum

# An invitation is open so long, and its case is not asked again before its row is deleted.
OPEN_FOR = timedelta(days=30)
ASKED_AGAIN_AFTER = timedelta(days=90)
MAX_COMMENT = 2000


class Helped(StrEnum):
    """Whether the sender got an answer to what they asked."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Treatment(StrEnum):
    """How the sender was treated (bemötande)."""

    GOOD = "good"
    NEITHER = "neither"
    BAD = "bad"
