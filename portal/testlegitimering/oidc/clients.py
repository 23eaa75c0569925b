"""The registered clients (relying parties) of this provider."""

from dataclasses import dataclass
from urllib.parse import urlsplit

# The path of a portal's JWK Set, for private_key_jwt.
CLIENT_KEYS = "/.well-known/jwks.json"


@dataclass(frozen=True)
class Client:
    """A registered client; its URIs are compared exactly."""

    client_id: str
    secret: str
    name: str
    redirect_uris: frozenset[str]
    post_logout_redirect_uris: frozenset[str]
    staff_first: bool = False
    jwks_uri: str = ""
    backchannel_logout_uri: str = ""


def development_clients(portal: str, jwks_uri: str = "", backchannel: str = "") -> tuple[Client, ...]:
    """Return the clients of a portal on this machine, for citizens and for staff, with public test secrets.

    In `backchannel`, {door} is replaced with medborgare or personal.
    """
    home = portal.rstrip("/")
    citizens = _client("medborgare", "Kontakt", home, jwks_uri, backchannel)
    staff = _client("personal", "Kontakt för personal", home, jwks_uri, backchannel)
    return citizens, staff


def _client(door: str, name: str, home: str, jwks_uri: str, backchannel: str) -> Client:
    return Client(
        client_id=f"kontakt-{door}",
        secret=f"test-secret-{door}",
        name=name,
        redirect_uris=frozenset({f"{home}/logga-in/{door}/aterkomst"}),
        post_logout_redirect_uris=frozenset({f"{home}/"}),
        staff_first=door == "personal",
        jwks_uri=jwks_uri or home + CLIENT_KEYS,
        backchannel_logout_uri=backchannel.replace("{door}", door),
    )


def origin(address: str) -> str:
    """Return the scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
