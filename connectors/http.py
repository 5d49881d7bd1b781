"""Fetching over HTTP: conditional, bounded, patient, and clear about what went wrong."""

from __future__ import annotations

import itertools
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field

from engine.errors import FeedError

#: Answers that another try may mend.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
#: A source that asks for a longer pause is left until the next poll.
_LONGEST_PAUSE = 60.0
#: A whole answer may take so many times as long as a piece of it.
PIECES = 10
_MEGABYTE = 1 << 20


class Http(BaseModel):
    """The options of every connector that can fetch from an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    headers: Mapping[str, str] = Field(default_factory=dict)
    #: Seconds to connect and for each piece of an answer; a whole answer may take ten times as long.
    timeout: float = Field(default=30, gt=0, le=600)
    retries: int = Field(default=3, ge=0, le=10)
    #: Seconds before the first retry; each further one waits twice as long.
    pause: float = Field(default=1, ge=0, le=60)
    #: No answer, and nothing unpacked from one, may be larger.
    max_mb: int = Field(default=200, ge=1, le=10_000)

    @property
    def max_bytes(self) -> int:
        return self.max_mb * _MEGABYTE


@dataclass(frozen=True)
class Answer:
    """The body of one answer, and the validators to ask with next time."""

    url: str
    body: bytes
    validators: Mapping[str, str]


def shown(url: str) -> str:
    """An address without user, password and query: those may hold secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"


def get(
    url: str, options: Http, validators: Mapping[str, str], sleep: Callable[[float], None] = time.sleep
) -> Answer | None:
    """The answer at `url`, or None where it has not changed since the `validators` (etag,
    last_modified).

    Raises FeedError when the retries are used up or another try would not help.
    """
    for attempt in itertools.count():
        try:
            return _ask(url, options, validators)
        except PassingError as trouble:
            pause = options.pause * 2**attempt if trouble.pause is None else trouble.pause
            if attempt == options.retries:
                raise FeedError(f"{shown(url)}: {trouble}, also after {attempt} retries") from trouble
            if pause > _LONGEST_PAUSE:
                raise FeedError(f"{shown(url)}: {trouble}, and wants {pause:.0f} s of peace") from trouble
            sleep(pause)
    return None


class PassingError(Exception):
    """Trouble that may be over soon; `pause` is how long the source asks to wait."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        self.pause = pause
        super().__init__(message)


def _ask(url: str, options: Http, validators: Mapping[str, str]) -> Answer | None:
    headers = {**options.headers, **_conditions(validators)}
    try:
        with (
            httpx.Client(timeout=options.timeout, follow_redirects=True, max_redirects=5, verify=_trust(),
                         event_hooks={"request": [_keep_at_home(url, options.headers)]}) as client,
            client.stream("GET", url, headers=headers) as response,
        ):  # fmt: skip
            if response.status_code == 304:
                return None
            _judge(url, response)
            return Answer(url, _body(url, response, options), _validators(response))
    except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise PassingError(f"no answer ({type(error).__name__}: {error})") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FeedError(f"{shown(url)}: cannot be fetched: {error}; check the address") from error


@cache
def _trust() -> ssl.SSLContext:
    """The certificates to trust: reading them takes longer than most answers."""
    return httpx.create_ssl_context()


def _keep_at_home(url: str, secrets: Mapping[str, str]) -> Callable[[httpx.Request], None]:
    """Configured headers may hold secrets: a redirect to another host does not get them."""
    home = urlsplit(url).hostname

    def hook(request: httpx.Request) -> None:
        if request.url.host != home:
            for name in secrets:
                request.headers.pop(name, None)

    return hook


def _conditions(validators: Mapping[str, str]) -> dict[str, str]:
    names = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
    return {names[key]: value for key, value in validators.items() if key in names}


def _validators(response: httpx.Response) -> dict[str, str]:
    names = {"etag": "ETag", "last_modified": "Last-Modified"}
    return {key: response.headers[name] for key, name in names.items() if name in response.headers}


def _judge(url: str, response: httpx.Response) -> None:
    if response.is_success:
        return
    said = f"answers {response.status_code} {response.reason_phrase}".strip()
    if response.status_code in _PASSING:
        raise PassingError(said, _retry_after(response.headers))
    raise FeedError(f"{shown(url)}: {said}; check the address and the headers")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the source asks to wait: a number, or a date against the answer's own clock."""
    asked = headers.get("Retry-After", "")
    if asked.isdigit():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - parsedate_to_datetime(headers.get("Date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None


def _body(url: str, response: httpx.Response, options: Http) -> bytes:
    body = bytearray()
    patience = PIECES * options.timeout
    deadline = time.monotonic() + patience
    for piece in response.iter_bytes():
        body += piece
        if len(body) > options.max_bytes:
            raise FeedError(f"{shown(url)}: larger than {options.max_mb} MB; raise max_mb if that is right")
        if time.monotonic() > deadline:
            # Another try would take as long again, and everything due would wait for it.
            said = f"{shown(url)}: still not whole after {patience:.0f} s"
            raise FeedError(f"{said}; raise timeout if that is right")
    return bytes(body)
