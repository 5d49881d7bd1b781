"""Which internet addresses lie in somebody's own network and must be named before they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Public by their numbers, and yet a platform's own: they answer a cloud's machines only.
_PLATFORM = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"))
#: What is handed out to be reached from everywhere; all other IPv6 has a meaning of its own.
_UNICAST = ip_network("2000::/3")
#: Prefixes of IPv6 addresses whose last 32 bits are an IPv4 address: mapped, translated, NAT64.
_CARRIERS = (ip_network("::ffff:0:0/96"), ip_network("::ffff:0:0:0/96"), ip_network("64:ff9b::/96"))
#: The widest ranges that are anybody's own: 10.0.0.0/8 and fc00::/7.
_WIDEST = {4: 8, 6: 7}


def network(text: str) -> Network:
    """`10.0.0.0/8`, or a single address; ValueError where it is none or wider than any own network."""
    found = ip_network(text.strip(), strict=False)
    if found.prefixlen < _WIDEST[found.version]:
        raise ValueError(f"{text} is wider than any network of one's own: name the ranges that are yours")
    return found


def address(text: str) -> Address | None:
    """The address that a host's name plainly writes; None for a name, and for what only looks like one
    (`127.1`, `0x7f000001`)."""
    try:
        return ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def within(found: Address, networks: Iterable[Network]) -> bool:
    """Whether the address, or the IPv4 address it carries, lies in one of the networks."""
    return any(one in own for one in {found, _carried(found)} for own in networks)


def inward(found: Address) -> str:
    """What kind of inward address it is (`loopback`, `private`, ...); empty for one of the open internet.

    Kinds after the registries of special addresses (RFC 6890). Addresses within addresses count as what
    they carry.
    """
    carried = _carried(found)
    for kind, holds in (
        ("unspecified", carried.is_unspecified),
        ("loopback", carried.is_loopback),
        ("link-local", carried.is_link_local),
        ("multicast", carried.is_multicast),
        ("platform", any(carried in own for own in _PLATFORM)),
        ("private", carried.is_private or not carried.is_global),
        ("reserved", carried.is_reserved or (carried.version == 6 and carried not in _UNICAST)),
    ):
        if holds:
            return kind
    return ""


def _carried(found: Address) -> Address:
    if isinstance(found, IPv6Address):
        if any(found in carrier for carrier in _CARRIERS):
            return IPv4Address(int(found) & 0xFFFFFFFF)
        return found.sixtofour or (found.teredo[1] if found.teredo else found)
    return found
