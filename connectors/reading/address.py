"""Where a feed may be asked: its own address, the hosts and the networks that it names, nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from engine.errors import FeedError
from engine.model.address import shown
from engine.model.network import Address, Network, address, inward, within

_PORTS = {"http": 80, "https": 443}
#: The names that everywhere mean the machine itself.
_OWN = ("localhost", "localhost.localdomain", "ip6-localhost")


def plain_host(text: str) -> str:
    """`example.org`, `example.org:8443` or an address as it is written in a url; ValueError for else."""
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.netloc != text or "@" in text:
        raise ValueError(f"{text!r} is no host: write example.org or example.org:8443")
    parts.port  # noqa: B018  # an impossible port is found out only here
    return text


@dataclass(frozen=True)
class Allowed:
    """The rule for every request of one feed: the first, redirects, next pages, links of an index.

    `home` is the address that the operator wrote; `hosts` are others (`host`, or `host:port`) that the
    feed names. What the operator wrote as a literal address is named by that; what a name leads to is
    judged by the address that is connected to.
    """

    home: str
    hosts: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    #: The proxy to ask over. It looks names up itself: what they lead to is then its affair.
    proxy: str = ""

    def check(self, url: str) -> None:
        """Raises FeedError where the feed may not be asked at `url`."""
        parts = _split(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise FeedError(f"{shown(url)}: no address of http:// or https://; refused")
        if self.at_home(url) or self._named(parts):
            return
        where = f"{_host(parts)}:{_port(parts)}"
        raise FeedError(f"{shown(self.home)}: leads to another host ({where}); {_advice(parts)}")

    def at_home(self, url: str) -> bool:
        """Whether `url` has the scheme, host and port of the feed's own address, or is the same host
        over https: there, and only there, the configured headers and password may go."""
        own, other = _split(self.home), _split(url)
        if _host(own) != _host(other):
            return False
        upgraded = (own.scheme, other.scheme) == ("http", "https") and (_port(own), _port(other)) == (80, 443)
        return upgraded or (own.scheme, _port(own)) == (other.scheme, _port(other))

    def refuses(self, host: str, found: Address) -> str:
        """Why `found`, which the name `host` leads to, may not be connected to; empty where it may."""
        kind = inward(found)
        if not kind or within(found, self.networks) or self._written(host, found) or self._over(host):
            return ""
        return f"{host} lies at {found}, a {kind} address; if that is right, add it to 'networks'"

    def joined(self, url: str, reference: str) -> str:
        """The address that `reference`, found in the answer at `url`, leads to: at home with the feed's
        own user and password, elsewhere without any."""
        try:
            found = urlsplit(urljoin(url, reference.strip()))
            plain = found._replace(netloc=found.netloc.rpartition("@")[2])
            if _split(self.home).scheme == "https" and self.at_home(plain._replace(scheme="https").geturl()):
                # A server behind a proxy calls itself http: what was asked over https stays there.
                plain = plain._replace(scheme="https")
            secret, at, _ = _split(self.home).netloc.rpartition("@")
            own = at and self.at_home(plain.geturl())
        except ValueError as error:
            raise FeedError(f"{shown(url)}: leads to what is no address") from error
        return (plain._replace(netloc=f"{secret}@{plain.netloc}") if own else plain).geturl()

    def _named(self, parts: SplitResult) -> bool:
        """Whether the feed names that host; from https nothing leads back to http."""
        if (_split(self.home).scheme, parts.scheme) == ("https", "http"):
            return False
        return any(
            _host(parts) == _host(one) and one.port in (None, _port(parts)) for one in _entries(self.hosts)
        )

    def _written(self, host: str, found: Address) -> bool:
        """Whether the operator wrote this address itself, or `localhost`."""
        written = {_host(_split(self.home)), *(_host(one) for one in _entries(self.hosts))}
        if host.strip("[]") not in written:
            return False
        return address(host) == found or (host in _OWN and inward(found) == "loopback")


    def _over(self, host: str) -> bool:
        return bool(self.proxy) and host == _host(_split(self.proxy))


def _entries(hosts: Iterable[str]) -> list[SplitResult]:
    return [_split(f"//{host}") for host in hosts]


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # an impossible port is found out only here
    except ValueError as error:
        # Not in the error's own words: they quote what may be a part of a password.
        raise FeedError(f"{shown(url)}: no address; check the feed's url and hosts") from error
    return parts


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").partition("%")[0]


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _advice(parts: SplitResult) -> str:
    return f"refused; if that is right, add {_host(parts)} to 'hosts'"
