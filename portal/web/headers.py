"""Security headers of every response."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from portal.config import Settings
from portal.identity.oidc import providers

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
# Staff pages do a little more with a script of ours; they do without it too.
WITH_SCRIPT = {"script-src": "'self'", "connect-src": "'self'"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def form_origins() -> set[str]:
    """Where our forms may lead besides here: a redirect to a provider is a form action in Chromium's eyes."""
    return {origin(each.issuer) for each in providers.every()}


def install(app: Flask, settings: Settings) -> None:
    """Add them after each request; pages are for one reader, and kept by no cache unless they say so."""
    policy = POLICY | {"form-action": " ".join(["'self'", *sorted(form_origins())])}
    plain, scripted = _written(policy), _written(policy | WITH_SCRIPT)

    @app.after_request
    def _add(response: Response) -> Response:
        told = scripted if request.blueprint == "backoffice" else plain
        response.headers.setdefault("Content-Security-Policy", told)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        if not settings.development:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
