"""What the service wants shown beside the sign-in (userMessage of the Swedish profile). Pure."""

import base64
import binascii
import json

PARAMETER = "https://id.oidc.se/param/userMessage"
SUPPORTED = "https://id.oidc.se/disco/userMessageSupported"
MIME_TYPES = "https://id.oidc.se/disco/userMessageSupportedMimeTypes"
PLAIN = "text/plain"


class NotUnderstood(ValueError):
    """The parameter is no message."""


def read(text: str) -> str:
    """The Swedish message, or the one of no language; empty when there is none that may be shown."""
    if not text:
        return ""
    try:
        given = json.loads(text)
        encoded = given.get("message#sv") or given.get("message") or ""
        message = base64.b64decode(encoded, validate=True).decode()
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as problem:
        raise NotUnderstood("userMessage is not understood") from problem
    return message if given.get("mime_type", PLAIN) == PLAIN else ""
