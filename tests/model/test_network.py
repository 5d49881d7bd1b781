"""Inward and outward addresses, whatever they are written as or carried in."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from engine.model.network import address, inward, network, within


@pytest.mark.parametrize(("text", "kind"), [
    ("127.0.0.1", "loopback"), ("127.255.1.2", "loopback"), ("::1", "loopback"),
    ("10.1.2.3", "private"), ("172.31.0.1", "private"), ("192.168.0.1", "private"),
    ("fd00:ec2::254", "private"),
    ("100.64.0.1", "private"), ("100.100.100.200", "private"), ("198.18.0.1", "private"),
    ("169.254.169.254", "link-local"), ("fe80::1", "link-local"), ("168.63.129.16", "platform"),
    ("192.0.0.192", "platform"), ("0.0.0.0", "unspecified"), ("::", "unspecified"),
    ("224.0.0.251", "multicast"),
    ("ff02::1", "multicast"), ("255.255.255.255", "private"), ("fec0::1", "reserved"),
    ("::ffff:127.0.0.1", "loopback"), ("::ffff:a9fe:a9fe", "link-local"), ("::ffff:0:10.0.0.1", "private"),
    ("64:ff9b::10.0.0.1", "private"), ("64:ff9b:1::1", "reserved"), ("2002:7f00:1::", "loopback"),
    ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "private"), ("::127.0.0.1", "reserved"),
    ("8.8.8.8", ""), ("2606:4700:4700::1111", ""), ("64:ff9b::8.8.8.8", ""), ("::ffff:8.8.8.8", ""),
])  # fmt: skip
def test_the_kind_of_an_address(text: str, kind: str) -> None:
    assert inward(ip_address(text)) == kind


def test_a_network_holds_what_its_addresses_are_carried_in() -> None:
    own = [network("10.0.0.0/8"), network("fd12::/16")]
    assert within(ip_address("10.200.0.1"), own) and within(ip_address("::ffff:10.200.0.1"), own)
    assert within(ip_address("fd12::9"), own) and not within(ip_address("11.0.0.1"), own)


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "8.0.0.0/7", "office", "10.0.0.0/40"])
def test_what_names_no_network_of_ones_own_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        network(text)


@pytest.mark.parametrize("text", ["127.1", "0x7f000001", "2130706433", "localhost", "0177.0.0.1"])
def test_only_a_plainly_written_address_is_one(text: str) -> None:
    assert address(text) is None
    assert str(address("[fe80::1%eth0]")) == "fe80::1"
