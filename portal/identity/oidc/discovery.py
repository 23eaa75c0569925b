"""What a provider tells about itself, kept for an hour: its description and its keys."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from portal import clock
from portal.identity.oidc import http as oidc_http
from portal.identity.oidc.http import TooSlow, Unreachable
from portal.identity.oidc.jwt import Claims, Key, Untrusted, keys_of
from portal.identity.oidc.providers import Provider

TTL = timedelta(hours=1)
# A key that we do not know is asked for at most so often, whoever sends us tokens.
KEYS_APART = timedelta(minutes=1)
# A provider that is down is left in peace for a while: nobody else waits for it meanwhile.
BACKOFF = timedelta(seconds=10)
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ADDRESSES = (*NEEDED, "userinfo_endpoint", "end_session_endpoint")


class Remote:
    """One provider as it describes itself. Safe to use from several threads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = Lock()
        self._kept: dict[str, tuple[datetime, Any]] = {}
        self._moments: dict[str, datetime] = {}

    def metadata(self) -> Claims:
        """Its description, under exactly the issuer that we expect. Raises Unreachable, Untrusted."""
        found: Claims = self._keep("metadata", self._describe)
        return found

    def keys(self, kid: str | None = None) -> list[Key]:
        """Its signing keys; read anew when none has this id, but not at every stranger's wish."""
        address = self.metadata()["jwks_uri"]
        found: list[Key] = self._keep("keys", lambda: keys_of(document(address)))
        if kid is None or any(key.kid == kid for key in found) or self._just("unknown key", KEYS_APART):
            return found
        self._moments["unknown key"] = clock.now()
        self._kept.pop("keys", None)
        return self.keys()

    def _keep(self, name: str, read: Callable[[], Any]) -> Any:
        """What is kept; else one thread reads it, and the others wait for that one, not for each its own."""
        if (fresh := self._fresh(name)) is not None:
            return fresh
        if not self._lock.acquire(timeout=oidc_http.SECONDS):
            raise Unreachable("somebody else is waiting for the provider")
        try:
            fresh = self._fresh(name)
            return self._read(name, read) if fresh is None else fresh
        finally:
            self._lock.release()

    def _fresh(self, name: str) -> Any:
        at, found = self._kept.get(name, (None, None))
        return found if at and clock.now() - at < TTL else None

    def _just(self, what: str, within: timedelta) -> bool:
        return what in self._moments and clock.now() - self._moments[what] < within

    def _read(self, name: str, read: Callable[[], Any]) -> Any:
        if self._just("too slow", BACKOFF):
            raise Unreachable("the provider was too slow a moment ago")
        try:
            found = read()
        except TooSlow:
            self._moments["too slow"] = clock.now()
            raise
        self._kept[name] = clock.now(), found
        return found

    def _describe(self) -> Claims:
        found = document(f"{self.provider.issuer}/.well-known/openid-configuration")
        if found.get("issuer") != self.provider.issuer:
            raise Untrusted("discovery names another issuer")
        if any(not self._fits(name, found) for name in ADDRESSES):
            raise Untrusted("discovery lacks an address, or names one that cannot be used")
        return found

    def _fits(self, name: str, found: Claims) -> bool:
        """An address as safe as the issuer's own: what is https does not lead to what is not."""
        address = found.get(name)
        if address is None:
            return name not in NEEDED
        parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
        allowed = {"https", urlsplit(self.provider.issuer).scheme}
        return parts.scheme in allowed and bool(parts.hostname)


def document(url: str) -> Claims:
    """A JSON object. Raises Unreachable, Untrusted."""
    answer = oidc_http.call("GET", url)
    if answer.status != 200:
        raise Unreachable(f"the provider answered {answer.status}")
    return json_object(answer.body)


def json_object(body: bytes) -> Claims:
    """The object that a body holds. Raises Untrusted."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Untrusted("the provider answered something that is no JSON") from error
    if not isinstance(found, dict):
        raise Untrusted("the provider answered something that is no JSON object")
    return found
