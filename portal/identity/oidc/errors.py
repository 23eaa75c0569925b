"""Why nobody was signed in: a reason that a page can explain, and a text for the log alone."""

import re
from collections.abc import Mapping
from enum import StrEnum

CODES = {
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "invalid_request",
    "invalid_scope",
    "login_required",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unmet_authentication_requirements",
    "unsupported_response_type",
}
MAX_DESCRIPTION = 200


class Reason(StrEnum):
    """What the page says."""

    FAILED = "failed"
    CANCELLED = "cancelled"
    TOO_LOW = "too_low"


class SignInFailed(Exception):
    """Nobody was signed in. The text is for the log alone: why, never who."""

    def __init__(self, why: str, reason: Reason = Reason.FAILED) -> None:
        super().__init__(why)
        self.reason = reason


def from_provider(answered: Mapping[str, str]) -> SignInFailed:
    """The provider's own no, with its description made fit for a log."""
    code = answered.get("error", "")
    named = code if code in CODES else "an unknown error"
    reasons = {"access_denied": Reason.CANCELLED, "unmet_authentication_requirements": Reason.TOO_LOW}
    described = _for_the_log(answered.get("error_description", ""))
    return SignInFailed(f"the provider said {named}{described}", reasons.get(code, Reason.FAILED))


def _for_the_log(description: str) -> str:
    """One line without digits: a number in it might be somebody's."""
    words = re.sub(r"[^\w .,:;()'/-]+", " ", re.sub(r"\d", "#", description)).strip()
    return f" ({words[:MAX_DESCRIPTION]})" if words else ""
