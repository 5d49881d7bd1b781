"""Addresses (of pages, databases, proxies) as everybody may see them, and what in them is secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.S
)
_WITHIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>]+")
#: Names of what is secret wherever it stands; a page's token is a place in a list.
_NAME = re.compile(
    r"passw(?:or)?d|passphrase|^pwd$|secret|credential|authori[sz]ation|signature|cookie|privatekey"
    r"|(?<!page)(?<!next)(?<!continuation)token|^pass(?:code)?$|sessionid$|(?:api|access|app|auth|account|service|subscription)key"
)
#: Names that mean a secret in a query and among headers only.
_SHORT = re.compile(r"key$|^(?:sig|sign|auth|pass|appid)$|^x?auth")
#: A longer path tells nobody anything: it is what a source leads to that means no good.
_LONGEST_PATH = 500
#: Whoever knows such a path may write there: the whole address is the secret.
_HOOKS = re.compile(
    r"(?:hooks\.slack\.com|hooks\.zapier\.com|discord(?:app)?\.com|open\.feishu\.cn|open\.larksuite\.com"
    r"|api\.telegram\.org|outlook\.office(?:365)?\.com|[\w-]+\.webhook\.office\.com|maker\.ifttt\.com)$"
)
#: A calendar that only its owner's link opens.
_PRIVATE = re.compile(r"/(private-[0-9a-zA-Z]{6,})(?=/|$)")
#: What separates the parts of an address behind its path, and the parts of a path themselves.
_APART = re.compile(r"[?#&;]")
#: Outside of addresses, as drivers are told: `host=db password=...`, `PWD=...;`.
_PAIR = re.compile(r"(?<![\w-])([A-Za-z][\w-]*) ?= ?[\"']?([^\s\"';&]{6,})")


def shown(url: str) -> str:
    """An address without user, password, query and fragment; of one whose parts cannot be told apart,
    only the scheme."""
    found = _ADDRESS.match(url)
    if found is None:
        return "(no address)"
    scheme, host = found["scheme"].lower(), found["authority"].rpartition("@")[2].lower()
    if torn(url):
        return f"{scheme}://(not shown)"
    hidden = _HOOKS.match(host) or len(found["path"]) > _LONGEST_PATH
    return f"{scheme}://{host}{'/(not shown)' if hidden else found['path']}"


def torn(url: str) -> bool:
    """Whether a password with `@`, `/`, `?` or `#` in it may reach over into the host or the path."""
    found = _ADDRESS.match(url)
    if found is None or not found["authority"]:
        return False
    return found["authority"].count("@") > 1 or "@" in found["path"] + found["rest"]


def plain_proxy(url: str) -> str:
    """The address of a proxy, or nothing; ValueError for what none can have."""
    found = _ADDRESS.fullmatch(url)
    scheme, host = (found["scheme"].lower(), found["authority"].rpartition("@")[2]) if found else ("", "")
    if url and (scheme not in ("http", "https") or not host.partition(":")[0]):
        raise ValueError("the proxy's address is http://host:port or https://host:port")
    return url


def is_secret(name: str, *, asked: bool = False) -> bool:
    """Whether what has this name is a secret. asked: the name stands in a query or among headers."""
    small = re.sub(r"[^a-z0-9]", "", name.casefold())
    if small.endswith(("file", "path")):
        return False
    return bool(_NAME.search(small) or (asked and _SHORT.search(small)))


def secrets(text: str) -> Iterator[str]:
    """Every part of the addresses in a text that nobody else may know."""
    for name, value in _PAIR.findall(_WITHIN.sub(" ", text)):
        if is_secret(name):
            yield value
    for one in _WITHIN.findall(text):
        found = _ADDRESS.match(one)
        assert found is not None, "the one pattern is part of the other"
        yield from _of_user(found["scheme"].lower(), found["authority"], found["path"] + found["rest"])
        if _HOOKS.match(found["authority"].rpartition("@")[2].lower()):
            yield found["path"].rstrip("/").rpartition("/")[2]
        yield from _PRIVATE.findall(found["path"])
        for name, is_, value in (part.partition("=") for part in _APART.split(found["path"] + found["rest"])):
            if is_ and is_secret(name, asked=True):
                yield value


def _of_user(scheme: str, authority: str, behind: str) -> Iterator[str]:
    """The password; a user without one, who over HTTP is a token."""
    user, at, _ = authority.rpartition("@")
    name, colon, password = user.partition(":")
    web = scheme in ("http", "https")
    if at:
        yield password if colon or not web else name
    elif "@" in behind and authority and not (web and authority.rpartition(":")[2].isdecimal()):
        first, colon, _ = authority.partition(":")
        if colon or not web:  # a password with a sign that ends the host before it begins
            yield f"{authority}{behind.rpartition('@')[0]}".removeprefix(f"{first}:")
