"""The failure of a sign-in: a reason for the page, and a message for the log only."""

import re
from collections.abc import Mapping
from enum import StrEnum

# Of OAuth 2.0 and OpenID Connect. An unknown code is not logged: it could be any text.
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
    """The reason that the page explains."""

    FAILED = "failed"
    CANCELLED = "cancelled"
    TOO_LOW = "too_low"


class SignInFailed(Exception):
    """A failed sign-in. The message is for the log only, and names no person."""

    def __init__(self, message: str, reason: Reason = Reason.FAILED) -> None:
        super().__init__(message)
        self.reason = reason


def from_provider(callback: Mapping[str, str]) -> SignInFailed:
    """Return the exception for an error response of the provider (RFC 6749, 4.1.2.1)."""
    code = callback.get("error", "")
    name = code if code in CODES else "an unknown error"
    reasons = {"access_denied": Reason.CANCELLED, "unmet_authentication_requirements": Reason.TOO_LOW}
    description = _sanitize(callback.get("error_description", ""))
    return SignInFailed(f"the provider said {name}{description}", reasons.get(code, Reason.FAILED))


def _sanitize(description: str) -> str:
    # Digits may be a personnummer; control characters could forge further log lines.
    words = re.sub(r"[^\w .,:;()'/-]+", " ", re.sub(r"\d", "#", description)).strip()
    return f" ({words[:MAX_DESCRIPTION]})" if words else ""
