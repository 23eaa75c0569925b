"""Files for machines: robots.txt (RFC 9309) and security.txt (RFC 9116)."""

from datetime import timedelta

from flask import make_response, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.config import settings
from portal.organisation import queries as organisation
from portal.web.public import public

# Pages of one reader, with all below them. Those about the service and the forms may be found by a search.
PRIVATE = (
    "public.follow_start",
    "public.latest_receipt",
    "mina_sidor.overview",
    "backoffice.queue",
    "sign_in.choose",
    "sessions.stay",
    "sessions.mine",
)
# RFC 9116 recommends less than a year.
TTL = timedelta(days=180)
DAY = 24 * 3600


@public.get("/robots.txt")
def robots() -> ResponseReturnValue:
    # The address of a survey without its token.
    survey = url_for("messages.survey", token="-").removesuffix("-")  # noqa: S106
    paths = [*(url_for(endpoint) for endpoint in PRIVATE), survey]
    rules = "".join(f"Disallow: {path}\n" for path in paths)
    return _plain(f"User-agent: *\n{rules}")


@public.get("/.well-known/security.txt")
def security() -> ResponseReturnValue:
    expires = (clock.now() + TTL).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    address = settings().base_url.rstrip("/") + url_for("public.security")
    fields = (
        f"Contact: {_contact()}",
        f"Expires: {expires}",
        "Preferred-Languages: sv, en",
        f"Canonical: {address}",
    )
    return _plain("\n".join(fields) + "\n")


def _contact() -> str:
    """The address of the setting as a URI; without one, the municipality's telephone."""
    contact = settings().security_contact
    if not contact:
        return f"tel:{organisation.profile().phone_e164}"
    return f"mailto:{contact}" if "@" in contact and ":" not in contact else contact


def _plain(text: str) -> ResponseReturnValue:
    answer = make_response(text)
    answer.mimetype = "text/plain"
    answer.cache_control.public = True
    answer.cache_control.max_age = DAY
    return answer
