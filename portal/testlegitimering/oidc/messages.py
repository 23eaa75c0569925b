"""The userMessage parameter of the Swedish profile: a text that a client wants shown. Pure."""

import base64
import binascii
import json

PARAMETER = "https://id.oidc.se/param/userMessage"
SUPPORTED = "https://id.oidc.se/disco/userMessageSupported"
MIME_TYPES = "https://id.oidc.se/disco/userMessageSupportedMimeTypes"
PLAIN = "text/plain"


class NotUnderstood(ValueError):
    """The parameter is not a valid message."""


def read(text: str) -> str:
    """Return the message in Swedish or without a language; empty if there is none of a supported type."""
    if not text:
        return ""
    try:
        parameter = json.loads(text)
        encoded = parameter.get("message#sv") or parameter.get("message") or ""
        message = base64.b64decode(encoded, validate=True).decode()
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as problem:
        raise NotUnderstood("userMessage is not understood") from problem
    return message if parameter.get("mime_type", PLAIN) == PLAIN else ""
