"""The fields of a posted form that could not be handled, given back on a page of their own.

Used where no form can be shown again: the session has ended, or the post was refused before a view saw it.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.config import settings
from portal.translation import lazy_gettext as _l
from portal.translation import lazy_gettext as _staff

CSRF = "csrf_token"
# Secrets, which are neither shown nor kept, and the choices of our own pages of this kind.
NEVER_KEPT = {CSRF, "code", "password", "website", "switch_to", "sprak"}
MULTILINE = {"body", "note", "more", "answer", "plan", "you_said", "we_did"}
MULTILINE |= {"summary", "figures", "patterns", "shortcomings", "improvements"}
LABELS: dict[str, Any] = {
    "subject": _l("Rubrik"),
    "public_subject": _l("Rubrik i registret"),
    "internal_subject": _l("Rubrik för personal"),
    "body": _l("Det du skrev"),
    "answer": _l("Svaret du gav"),
    "comment": _l("Det du ville berätta"),
    "note": _l("Till den som tar emot, om du vill"),
    "place": _l("Adress eller plats"),
    "spot": _staff("Koordinater"),
    "name": _l("Namn"),
    "email": _l("E-postadress"),
    "phone": _l("Mobilnummer"),
    "notify_email": _l("E-postadress för meddelanden"),
    "notify_phone": _l("Mobilnummer för meddelanden"),
    "organisation": _l("Företag eller förening"),
    "organisation_number": _l("Organisationsnummer"),
    "child": _l("Barnets namn"),
    "helped": _l("Den du hjälper"),
    "number": _l("Nummer"),
    "reason": _l("Skäl"),
    "system": _l("Systemets namn"),
    "way": _l("Rätt väg"),
    "until": _l("Sista dag"),
    "first": _l("Första dagen"),
    "last": _l("Sista dagen"),
    "next_step": _l("Nästa steg"),
    "recipient": _l("Nämnd eller myndighet"),
    "at": _l("När det kom in"),
    "nummer": _l("Ärendenummer"),
    "day": _l("Dagen då du lämnade det"),
    "arrived_on": _l("Dagen då det kom in"),
    "arrived_at": _l("Klockslaget då det kom in"),
    "more": _l("Mer till avsändaren"),
    "title": _staff("Vad ni ska göra"),
    "plan": _staff("Hur det ska gå till"),
    "due_on": _staff("Klart senast"),
    "you_said": _staff("Ni sa"),
    "we_did": _staff("Vi gjorde"),
    "followed_up_on": _staff("Dag då ni följde upp"),
    "summary": _staff("Sammanfattning"),
    "figures": _staff("Om tiderna"),
    "patterns": _staff("Om mönstren"),
    "shortcomings": _staff("Om det som inte blev bra"),
    "improvements": _staff("Om det ni gör"),
    "first_month": _staff("Från och med månad"),
    "last_month": _staff("Till och med månad"),
}


@dataclass(frozen=True)
class KeptField:
    """A field that a person has written in."""

    name: str
    label: Any
    value: str
    multiline: bool


def posted() -> list[tuple[str, str]]:
    """The (name, value) pairs of the posted form, without tokens and codes."""
    pairs: list[tuple[str, str]] = []
    for name, values in request.form.lists():
        if name not in NEVER_KEPT:
            pairs.extend((name, value) for value in values)
    return pairs


def written(pairs: list[tuple[str, str]]) -> list[KeptField]:
    """The fields with a text of a person's own, in the order of the form."""
    fields = []
    for name, value in pairs:
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        if name in LABELS and text.strip():
            fields.append(KeptField(name, LABELS[name], text, name in MULTILINE))
    return fields


def page(
    heading: str, lead: str, status: int, onward: str = "", label: str = "", **values: Any
) -> ResponseReturnValue:
    """The page with the posted texts, to copy, and a link that leads on."""
    fields = written(posted())
    html = render_template(
        "errors/kept.html", heading=heading, lead=lead, fields=fields, onward=onward, label=label, **values
    )
    return html, status


def is_own_post() -> bool:
    """Whether one of our pages posted the form, also if the session of its CSRF token has ended.

    Another site must not make a reader see its text as their own.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    # A page without a referrer posts with the origin "null".
    if origin != "null":
        return origin in {_origin(settings().base_url), _origin(request.host_url)}
    return has_fresh_token()


def _origin(address: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def has_fresh_token() -> bool:
    """Whether the form carries a CSRF token that we signed for any session, within its lifetime."""
    signer = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    try:
        signer.loads(request.form.get(CSRF, ""), max_age=current_app.config["WTF_CSRF_TIME_LIMIT"])
    except BadData:
        return False
    return True
