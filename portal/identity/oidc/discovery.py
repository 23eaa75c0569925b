"""Provider metadata and signing keys (OpenID Connect Discovery 1.0), cached for an hour."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from portal import clock
from portal.identity.oidc import http as oidc_http
from portal.identity.oidc.http import TooSlow, Unreachable
from portal.identity.oidc.jwt import Claims, Key, Untrusted, parse_keys
from portal.identity.oidc.providers import Provider

TTL = timedelta(hours=1)
# Anyone can send a token with an unknown kid, so the keys are fetched for one at most this often.
MIN_KEY_REFRESH = timedelta(minutes=1)
# After a timeout no request is sent for a while, so that workers do not all wait for a provider that is down.
BACKOFF = timedelta(seconds=10)
REQUIRED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ENDPOINTS = (*REQUIRED, "userinfo_endpoint", "end_session_endpoint")


class Discovery:
    """The metadata and keys of one provider. Thread-safe."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = Lock()
        self._cache: dict[str, tuple[datetime, Any]] = {}
        self._last_events: dict[str, datetime] = {}

    def metadata(self) -> Claims:
        """Return the provider's metadata, with the configured issuer. Raises Unreachable, Untrusted."""
        metadata: Claims = self._cached("metadata", self._fetch_metadata)
        return metadata

    def keys(self, kid: str | None = None) -> list[Key]:
        """Return the signing keys; fetches them again for an unknown kid, at most every MIN_KEY_REFRESH.

        Raises Unreachable, Untrusted.
        """
        address = self.metadata()["jwks_uri"]
        keys: list[Key] = self._cached("keys", lambda: parse_keys(fetch_json(address)))
        if kid is None or any(key.kid == kid for key in keys):
            return keys
        if self._happened_within("unknown key", MIN_KEY_REFRESH):
            return keys
        self._last_events["unknown key"] = clock.now()
        self._cache.pop("keys", None)
        return self.keys()

    def _cached(self, name: str, fetch: Callable[[], Any]) -> Any:
        if (value := self._unexpired(name)) is not None:
            return value
        # One thread fetches and the others wait for its result, no longer than the fetch itself may take.
        if not self._lock.acquire(timeout=oidc_http.SECONDS):
            raise Unreachable("somebody else is waiting for the provider")
        try:
            value = self._unexpired(name)
            return self._fetch(name, fetch) if value is None else value
        finally:
            self._lock.release()

    def _unexpired(self, name: str) -> Any:
        fetched_at, value = self._cache.get(name, (None, None))
        return value if fetched_at and clock.now() - fetched_at < TTL else None

    def _happened_within(self, event: str, period: timedelta) -> bool:
        return event in self._last_events and clock.now() - self._last_events[event] < period

    def _fetch(self, name: str, fetch: Callable[[], Any]) -> Any:
        if self._happened_within("too slow", BACKOFF):
            raise Unreachable("the provider was too slow a moment ago")
        try:
            value = fetch()
        except TooSlow:
            self._last_events["too slow"] = clock.now()
            raise
        # Only a valid answer is cached: a broken one would otherwise keep people out for an hour.
        self._cache[name] = (clock.now(), value)
        return value

    def _fetch_metadata(self) -> Claims:
        metadata = fetch_json(f"{self.provider.issuer}/.well-known/openid-configuration")
        # OpenID Connect Discovery 1.0, 4.3: another issuer could sign its users in as those of this one.
        if metadata.get("issuer") != self.provider.issuer:
            raise Untrusted("discovery names another issuer")
        if not all(self._is_usable(name, metadata) for name in ENDPOINTS):
            raise Untrusted("discovery lacks an address, or names one that cannot be used")
        return metadata

    def _is_usable(self, name: str, metadata: Claims) -> bool:
        """Whether an endpoint is an absolute URL, or is optional and missing."""
        address = metadata.get(name)
        if address is None:
            return name not in REQUIRED
        parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
        # An issuer with https must not lead to an endpoint without it; http is for development.
        allowed = {"https", urlsplit(self.provider.issuer).scheme}
        return parts.scheme in allowed and bool(parts.hostname)


def fetch_json(url: str) -> Claims:
    """Return the JSON object at an address. Raises Unreachable, Untrusted."""
    answer = oidc_http.request("GET", url)
    if answer.status != 200:
        raise Unreachable(f"the provider answered {answer.status}")
    return json_object(answer.body)


def json_object(body: bytes) -> Claims:
    """Parse a body that must be a JSON object. Raises Untrusted."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Untrusted("the provider answered something that is no JSON") from error
    if not isinstance(value, dict):
        raise Untrusted("the provider answered something that is no JSON object")
    return value
