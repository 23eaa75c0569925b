"""Security headers of every response."""

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from portal import config
from portal.config import Settings
from portal.identity.oidc import providers

# Content-Security-Policy Level 3.
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
# Staff pages have keyboard shortcuts by script; other pages say so by allow_script(). All work without it.
WITH_SCRIPT = {"script-src": "'self'"}
WITH_REQUESTS = {**WITH_SCRIPT, "connect-src": "'self'"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
WITH_GEOLOCATION = "camera=(), geolocation=(self), microphone=()"


def origin(address: str) -> str:
    """Scheme, host and port of an address (RFC 6454)."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def form_origins() -> set[str]:
    """The origins of the sign-in providers, for form-action.

    Chromium applies form-action to the redirects of a form post too.
    """
    return {origin(provider.issuer) for provider in providers.all_providers()}


def cookie_name(name: str, path: str = "/") -> str:
    """The name of a cookie, in production with a prefix that binds it to TLS (RFC 6265bis, 4.1.3)."""
    if config.settings().development:
        return name
    # __Host- also binds it to this host, but allows no other path than that of the whole site.
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


def allow_script(connects: bool = False) -> None:
    """Let the page of this request run our own script; with `connects` the script may send requests to us."""
    g.script_policy = g.get("script_policy", {}) | (WITH_REQUESTS if connects else WITH_SCRIPT)


def allow_geolocation() -> None:
    """Let the script of this request's page ask the device where it is."""
    g.asks_geolocation = True


def install(app: Flask, settings: Settings) -> None:
    """Add the headers to each response that does not set them itself."""
    policy = POLICY | {"form-action": " ".join(["'self'", *sorted(form_origins())])}
    subdomains = "; includeSubDomains" if settings.hsts_subdomains == "on" else ""
    public_csp = _serialise(policy)

    @app.after_request
    def _add(response: Response) -> Response:
        script = WITH_REQUESTS if request.blueprint == "backoffice" else g.get("script_policy", {})
        csp = _serialise(policy | script) if script else public_csp
        if g.get("asks_geolocation"):
            response.headers["Permissions-Policy"] = WITH_GEOLOCATION
        response.headers.setdefault("Content-Security-Policy", csp)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        # Pages hold personal data of one reader; a shared computer must not show them by its back button.
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        if not settings.development:
            response.headers["Strict-Transport-Security"] = f"max-age=31536000{subdomains}"
        return response


def _serialise(policy: dict[str, str]) -> str:
    return "; ".join(map(" ".join, policy.items()))
