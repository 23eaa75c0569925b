"""The services that may ask this provider who somebody is."""

from dataclasses import dataclass
from urllib.parse import urlsplit

# Where a portal publishes the keys that it proves itself with.
CLIENT_KEYS = "/.well-known/jwks.json"


@dataclass(frozen=True)
class Client:
    """One registered service, with the addresses that it may send people back to."""

    client_id: str
    secret: str
    name: str
    redirect_uris: frozenset[str]
    post_logout_redirect_uris: frozenset[str]
    staff_first: bool = False
    jwks_uri: str = ""
    backchannel_logout_uri: str = ""


def development_clients(portal: str, jwks_uri: str = "", backchannel: str = "") -> tuple[Client, ...]:
    """The citizens' door and the staff's door of a portal on this machine, with well-known secrets.

    In the address for back-channel logout {door} stands for medborgare or personal.
    """
    home = portal.rstrip("/")
    doors = (("medborgare", "Kontakt"), ("personal", "Kontakt för personal"))
    return tuple(
        Client(
            f"kontakt-{door}",
            f"test-secret-{door}",
            name,
            frozenset({f"{home}/logga-in/{door}/aterkomst"}),
            frozenset({f"{home}/"}),
            staff_first=door == "personal",
            jwks_uri=jwks_uri or home + CLIENT_KEYS,
            backchannel_logout_uri=backchannel.replace("{door}", door),
        )
        for door, name in doors
    )


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
