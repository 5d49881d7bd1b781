"""Fetching over HTTP: conditional, bounded, patient, kept to where the feed may ask, and clear about what
went wrong."""

from __future__ import annotations

import itertools
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from connectors import auth
from connectors.auth import Auth
from connectors.bounds import PIECES, Bounded
from connectors.reading.address import Allowed, plain_host
from connectors.reading.deadline import Deadline
from connectors.reading.packing import ACCEPTED, CutOffError, Unpacking
from engine.errors import FeedError
from engine.model.address import plain_proxy, shown
from engine.model.later import Later

if TYPE_CHECKING:
    import httpcore
    import httpx
else:
    httpcore, httpx = Later("httpcore"), Later("httpx")

__all__ = ["VALIDATORS", "Answer", "Http", "StatusError", "changed_at", "get", "post", "shown"]

#: Answers that another try may mend.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
#: A source that asks for a longer pause is left until the next poll.
_LONGEST_PAUSE = 60.0
#: By its name in a cursor: the header that tells a validator, and the one that asks with it.
VALIDATORS = {"etag": ("ETag", "If-None-Match"), "last_modified": ("Last-Modified", "If-Modified-Since")}


class Http(Bounded):
    """The options of every connector that can fetch from an address."""

    #: The feed's own address.
    url: str | None = Field(default=None, repr=False)
    #: Sent to the feed's own address and nowhere else.
    headers: Mapping[str, str] = Field(default_factory=dict, repr=False)
    #: The hosts besides the feed's own that redirects, next pages and an index's links may lead to.
    hosts: tuple[Annotated[str, AfterValidator(plain_host)], ...] = ()
    #: The proxy to ask over.
    proxy: Annotated[str, AfterValidator(plain_proxy)] = Field(default="", repr=False)
    #: The account by which a token is asked for; it goes where the headers go.
    auth: Auth | None = None
    #: How often what may pass is tried again.
    retries: int = Field(default=3, ge=0, le=10)
    #: Seconds before the first retry; each further one waits twice as long.
    pause: float = Field(default=1, ge=0, le=60)

    def allowed(self, url: str) -> Allowed:
        """Where may be asked: the feed's own address, which is `url` where the options name none."""
        return Allowed(self.url or url, self.hosts, self.networks, self.proxy)


@dataclass(frozen=True)
class Answer:
    """The body of one answer, and the validators to ask with next time."""

    #: Where it was found in the end.
    url: str
    body: bytes
    validators: Mapping[str, str]
    #: The address that the header `Link: <...>; rel="next"` names.
    following: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def changed_at(self) -> datetime | None:
        return changed_at(self.validators)


class StatusError(FeedError):
    """The source answers, with a status that is no answer to what was asked."""

    def __init__(self, message: str, status: int) -> None:
        self.status = status
        super().__init__(message)


def changed_at(validators: Mapping[str, str]) -> datetime | None:
    """When the source says it changed last (`Last-Modified`); None where it does not say, or names a
    moment that is still to come."""
    try:
        found = parsedate_to_datetime(validators.get("last_modified", ""))
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found <= datetime.now(UTC) else None


def get(
    url: str, options: Http, validators: Mapping[str, str], sleep: Callable[[float], None] = time.sleep
) -> Answer | None:
    """The answer at `url`, or None where it has not changed since the `validators` (etag,
    last_modified).

    Raises FeedError when the retries are used up, another try would not help, or the feed may not ask
    there (`Allowed`).
    """
    for attempt in itertools.count():
        try:
            return _renewed(url, options, validators)
        except PassingError as trouble:
            pause = options.pause * 2**attempt if trouble.pause is None else trouble.pause
            if attempt == options.retries:
                raise trouble.final(f"{shown(url)}: {trouble}, also after {attempt} retries") from trouble
            if pause > _LONGEST_PAUSE:
                raise trouble.final(f"{shown(url)}: {trouble}, and wants {pause:.0f} s of peace") from trouble
            sleep(pause)
    return None


def post(url: str, options: Http, form: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
    """What is answered to a form: sent once, because a second time may be another deed, and led nowhere
    else. Raises FeedError."""
    try:
        return _posted(url, options, form, headers, Deadline(PIECES * options.timeout, shown(url)))
    except PassingError as trouble:
        raise trouble.final(f"{shown(url)}: {trouble}") from trouble


def _renewed(url: str, options: Http, validators: Mapping[str, str]) -> Answer | None:
    """The answer; asked once more with a new token where the one in hand is refused."""
    try:
        return _ask(url, options, validators)
    except StatusError as error:
        if error.status != 401 or options.auth is None or not auth.forget(options.auth):
            raise
        return _ask(url, options, validators)


class PassingError(Exception):
    """Trouble that may be over soon; `pause` is how long the source asks to wait."""

    def __init__(self, message: str, pause: float | None = None, status: int = 0) -> None:
        self.pause = pause
        self._status = status
        super().__init__(message)

    def final(self, message: str) -> FeedError:
        return StatusError(message, self._status) if self._status else FeedError(message)


def _ask(url: str, options: Http, validators: Mapping[str, str]) -> Answer | None:
    """One try: the answer, after however many redirects; all of it by one deadline."""
    allowed, deadline = options.allowed(url), Deadline(PIECES * options.timeout, shown(url))
    own = {**options.headers, **_token(options, deadline)}
    with _client(url, options, allowed, deadline) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            found = _exchange(client, url, options, allowed, own, validators)
            if not isinstance(found, str):
                return found
            url = found
    raise FeedError(f"{shown(url)}: more than {_MOST_REDIRECTS} redirects; check the address")


def _token(options: Http, deadline: Deadline) -> Mapping[str, str]:
    """The header of the feed's account."""
    if options.auth is None:
        return {}
    account = options.auth
    # None of the hosts that the feed may be led to is told its credentials.
    alone = options.model_copy(update={"url": account.url, "hosts": ()})
    return auth.bearer(account, lambda: _posted(account.url, alone, account.form, account.headers, deadline))


def _posted(
    url: str, options: Http, form: Mapping[str, str], headers: Mapping[str, str], deadline: Deadline
) -> bytes:
    """What is answered to a form, without any redirect."""
    allowed = options.allowed(url)
    allowed.check(url)
    said = {"Accept": "application/json", "Accept-Encoding": ACCEPTED, "User-Agent": "forewarn", **headers}
    with (
        _client(url, options, allowed, deadline) as client,
        client.stream("POST", url, data=dict(form), headers=said) as response,
    ):
        _judge(url, response)
        return _body(url, response, options)


@contextmanager
def _client(url: str, options: Http, allowed: Allowed, deadline: Deadline) -> Iterator[httpx.Client]:
    """A client on wires of our own; what goes wrong on them is told of `url`."""
    from connectors.reading.wire import Transport

    transport = Transport(allowed, deadline, _trust())
    try:
        with httpx.Client(transport=transport, timeout=options.timeout, trust_env=False) as client:
            yield client
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        raise PassingError(f"no answer ({type(error).__name__}: {error})") from error
    except CutOffError as error:
        raise PassingError(str(error)) from error
    except (httpcore.LocalProtocolError, httpx.InvalidURL, UnicodeError) as error:
        # Not in the error's own words: they quote headers and parts of addresses, which may hold secrets.
        raise FeedError(f"{shown(url)}: cannot be asked for; check the headers and the address") from error
    except (httpx.HTTPError, httpcore.ProxyError, httpcore.UnsupportedProtocol) as error:
        raise FeedError(f"{shown(url)}: cannot be fetched: {error}; check the address") from error


def _exchange(
    client: httpx.Client, url: str, options: Http, allowed: Allowed, own: Mapping[str, str],
    validators: Mapping[str, str],
) -> Answer | str | None:
    """One request: the answer, the address it redirects to, or None where nothing has changed."""
    allowed.check(url)
    own = own if allowed.at_home(url) else {}
    conditions = _conditions(validators)
    headers = {"Accept-Encoding": ACCEPTED, "User-Agent": "forewarn", **own, **conditions}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == 304 and conditions:
            return None
        if response.status_code in _ELSEWHERE and "Location" in response.headers:
            return allowed.joined(url, response.headers["Location"])
        _judge(url, response)
        following = next((one["url"] for one in response.links.values() if _is_next(one)), "")
        body = _body(url, response, options)
        return Answer(url, body, _validators(response), following, response.headers)


@cache
def _trust() -> ssl.SSLContext:
    """The certificates to trust: reading them takes longer than most answers."""
    return httpx.create_ssl_context()


def _conditions(validators: Mapping[str, str]) -> dict[str, str]:
    return {VALIDATORS[key][1]: value for key, value in validators.items() if key in VALIDATORS}


def _validators(response: httpx.Response) -> dict[str, str]:
    names = {key: told for key, (told, _) in VALIDATORS.items()}
    return {key: response.headers[name] for key, name in names.items() if name in response.headers}


def _is_next(link: Mapping[str, str]) -> bool:
    return "next" in link.get("rel", "").lower().split() and "url" in link


def _judge(url: str, response: httpx.Response) -> None:
    """Only 200 (and 203, a proxy's 200) brings the whole of what was asked for: 202 promises it, 204 has
    nothing, 206 a part, and 304 answers a question that was not put."""
    status = response.status_code
    if status in (200, 203):
        return
    said = f"answers {status} {response.reason_phrase}".strip()
    if status in _PASSING:
        raise PassingError(said, _retry_after(response.headers), status)
    advice = "which brings no records" if response.is_success else "check the address and the headers"
    if status == 304:
        advice = "though it was asked for the whole; it cannot be relied on"
    raise StatusError(f"{shown(url)}: {said}; {advice}", status)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the source asks to wait: a number, or a date against the answer's own clock."""
    asked = headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - parsedate_to_datetime(headers.get("Date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None


def _body(url: str, response: httpx.Response, options: Http) -> bytes:
    try:
        unpacking = Unpacking(response.headers.get("Content-Encoding", ""))
    except ValueError as error:
        raise FeedError(f"{shown(url)}: {error}; ask the source") from error
    body = bytearray()
    for piece in response.iter_raw():
        body += unpacking.piece(piece, options.max_bytes - len(body))
        if len(body) > options.max_bytes:
            raise FeedError(f"{shown(url)}: larger than {options.max_mb} MB; raise max_mb if that is right")
    unpacking.end()
    return bytes(body)
