"""The services that may ask this provider who somebody is."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Client:
    """One registered service, with the addresses that it may send people back to."""

    client_id: str
    secret: str
    name: str
    redirect_uris: frozenset[str]
    post_logout_redirect_uris: frozenset[str]
    staff_first: bool = False


def development_clients(portal: str) -> tuple[Client, ...]:
    """The citizens' door and the staff's door of a portal on this machine, with well-known secrets."""
    home = portal.rstrip("/")
    goodbye = frozenset({f"{home}/"})
    return (
        Client(
            "kontakt-medborgare",
            "test-secret-medborgare",
            "Kontakt",
            frozenset({f"{home}/logga-in/medborgare/aterkomst"}),
            goodbye,
        ),
        Client(
            "kontakt-personal",
            "test-secret-personal",
            "Kontakt för personal",
            frozenset({f"{home}/logga-in/personal/aterkomst"}),
            goodbye,
            staff_first=True,
        ),
    )


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
