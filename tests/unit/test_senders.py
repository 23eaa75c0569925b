"""The keys that a sender is counted by: one for each address, and no way to have many."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budgets.senders import NAT64, UNKNOWN, Share, is_internal, shares

IPV4 = st.ip_addresses(v=4)
# Without those that hold an IPv4 address: they are that sender.
IPV6 = st.ip_addresses(v=6).filter(lambda address: not address.ipv4_mapped and address not in NAT64)
PORTS = st.integers(0, 65535)


def keys(text: str) -> list[str]:
    return [share.key for share in shares(text)]


@given(IPV4, PORTS)
def test_an_ipv4_address_is_one_sender_however_it_is_written(address: IPv4Address, port: int) -> None:
    forms = [
        "{}",
        " {}\n",
        '"{}"',
        f"{{}}:{port}",
        "::ffff:{}",
        "::FFFF:{}",
        f"[::ffff:{{}}]:{port}",
        "64:ff9b::{}",
    ]
    assert {tuple(keys(form.format(address))) for form in forms} == {(str(address),)}


@given(IPV6, PORTS, st.integers(0, 2**64 - 1))
def test_every_address_of_a_64_is_one_sender(address: IPv6Address, port: int, host: int) -> None:
    neighbour = IPv6Address(int(address) >> 64 << 64 | host)
    if keys(str(address)) == [UNKNOWN] or neighbour.ipv4_mapped or "." in "".join(keys(f"{neighbour}")):
        return
    forms = ["{}", "[{}]", f"[{{}}]:{port}", f'"[{{}}]:{port}"', "{}%eth0", f"[{{}}%25wlan0]:{port}"]
    written = {str(neighbour), neighbour.exploded, str(neighbour).upper()}
    assert {keys(form.format(text))[0] for form in forms for text in written} == {keys(str(address))[0]}


def test_wider_networks_share_more() -> None:
    assert shares("2001:db8:aabb:ccdd:1:2:3:4") == [
        Share("2001:db8:aabb:ccdd::/64", 1),
        Share("2001:db8:aabb:cc00::/56", 4),
        Share("2001:db8:aabb::/48", 16),
    ]


NO_ADDRESSES = """
    unknown - _hidden 192.0.2 192.0.2.1.1 192.0.2.01 192.0.2.1,192.0.2.2 999.1.1.1 [2001:db8::1 2001:db8::1::2
    2001:db8:1:2:3:4:5:6:7 localhost 1 0x7f000001 /tmp/socket ::ffff:999.1.1.1 \x00 å
"""


@pytest.mark.parametrize("text", ["", "192.0.2.1, 192.0.2.2", *NO_ADDRESSES.split()])
def test_what_is_no_address_shares_one_key(text: str) -> None:
    assert shares(text) == [Share(UNKNOWN)]


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert shares(text)


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", ""]
)
def test_an_address_of_our_own_machines_is_internal(text: str) -> None:
    assert is_internal(text)


@pytest.mark.parametrize("text", ["8.8.8.8", "2a00:801::1", "::ffff:8.8.8.8", "8.8.8.8:443"])
def test_an_address_of_the_world_is_not_internal(text: str) -> None:
    assert not is_internal(text)
