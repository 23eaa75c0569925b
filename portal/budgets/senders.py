"""The sender of a request as keys to count by: its address and the networks around it. Pure."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Everything that is no address shares one key: made-up values must not be a way to get a new budget.
UNKNOWN = "unknown"
# Prefix lengths that IPv6 is given out by, with their multiple of a sender's budget. A subscriber has
# a /64 at least and often a /56 or a /48, so a limit on a single address has no effect.
IPV6_PREFIXES = {64: 1, 56: 4, 48: 16}
# RFC 6052: the clients of a NAT64 share a /96, and each of them is an IPv4 address.
NAT64 = IPv6Network("64:ff9b::/96")
_BRACKETED = re.compile(r"\[([^\]]*)\](?::\d+)?")
_IPV4_WITH_PORT = re.compile(r"([\d.]+):\d+")


@dataclass(frozen=True)
class Share:
    """A key to count by, and the multiple of a budget that all requests under it may spend together."""

    key: str
    multiple: int = 1


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in a text, without port, zone or mapping of IPv4 into IPv6; None if it holds none."""
    bare = text.strip().strip('"').strip()
    if match := _BRACKETED.fullmatch(bare) or _IPV4_WITH_PORT.fullmatch(bare):
        bare = match[1]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return _unmapped(address) if isinstance(address, IPv6Address) else address


def _unmapped(address: IPv6Address) -> IPv4Address | IPv6Address:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def shares(text: str) -> list[Share]:
    """The shares of a sender's address, the narrowest first."""
    address = parse_address(text)
    if address is None:
        return [Share(UNKNOWN)]
    if isinstance(address, IPv4Address):
        return [Share(str(address))]
    networks = []
    for length, multiple in IPV6_PREFIXES.items():
        network = ip_network((int(address), length), strict=False)
        networks.append(Share(str(network), multiple))
    return networks


def is_internal(text: str) -> bool:
    """Whether the address can only be a machine of our own, such as a proxy, or is none at all."""
    address = parse_address(text)
    return address is None or address.is_private or address.is_loopback or address.is_link_local
