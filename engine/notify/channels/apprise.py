"""Hands messages to whatever Apprise knows: DingTalk, WeCom, Feishu, Telegram, Slack, Teams, SMS gateways.

Only services that are asked over HTTP: nothing of this machine, and nobody who redirects to somewhere else.
Text alone is sent, never an attachment. These services know no key, so that what comes of a time-out is not
known: it is told so, and tried again, because a warning twice is better than none.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from engine.errors import DeliveryError
from engine.model.message import Notification
from engine.notify.channels.cut import Unit, cut
from engine.notify.channels.option import Length

ID = "apprise"

#: Services that count bytes, where Apprise counts signs.
BYTES = {"wecombot": 2048, "dingtalk": 19_985, "feishu": 19_985, "lark": 19_985}
#: So much of an answer is taken (bytes, unpacked), in pieces of so much: a little packed can be very large.
_MOST, _PIECE = 65_536, 1_024
_PASSING = frozenset({408, 425, 429})
#: A connection that ends after it was taken up, in the words of the library below.
_BROKEN_OFF = ("Connection aborted", "Connection broken", "RemoteDisconnected", "IncompleteRead")
_STATUS = re.compile(r"error=(\d{3})\b")
_quiet = logging.getLogger("apprise")
_quiet.addHandler(logging.NullHandler())
_LACKING = "the channel apprise needs an extra: pip install 'forewarn[apprise]'"


class Options(BaseModel):
    """`secret_url` is the service's address as Apprise writes it, with its tokens; `bytes` and `signs` cut a
    message to fewer than the service takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret_url: SecretStr
    timeout: Length = timedelta(seconds=10)
    bytes: Annotated[int, Field(ge=60)] | None = None
    signs: Annotated[int, Field(ge=20)] | None = None

    @model_validator(mode="after")
    def _known(self) -> Options:
        _service(self)
        return self


def send(options: Options, notification: Notification, now: datetime) -> None:
    """Send the text, cut to what the service takes."""
    import apprise

    service = _service(options)
    service.socket_connect_timeout = service.socket_read_timeout = options.timeout.total_seconds()
    service.request_rate_per_sec = 0  # one message an exchange: there is nothing to wait for
    link = json.loads(notification.payload).get("answer", {}).get("link", "")
    body = shortened(notification.body, options, service, link)
    with apprise.LogCapture(level=logging.DEBUG) as log:  # type: ignore[no-untyped-call]
        taken = service.notify(body=body, title="", notify_type=apprise.NotifyType.WARNING)
        said = log.getvalue()
    if not taken:
        raise _refused(str(service.service_name), said)


def shortened(text: str, options: Options, service: Any, link: str) -> str:
    """Within every limit: the service's own, and the operator's; the line with the link stays."""
    keep = next((line for line in text.splitlines() if link and link in line), "")
    limits: list[tuple[int, Unit]] = [(int(service.body_maxlen), "signs")]
    limits += [(most, "bytes") for most in (_bytes(options), options.bytes) if most]
    limits += [(options.signs, "signs")] if options.signs else []
    for most, unit in limits:
        text = cut(text, most, unit, keep)
    return text


def _bytes(options: Options) -> int | None:
    return BYTES.get(_scheme(options))


def _scheme(options: Options) -> str:
    return options.secret_url.get_secret_value().partition("://")[0].lower()


def _service(options: Options) -> Any:
    """What Apprise makes of the address; ValueError, which quotes nothing of it, where it makes nothing."""
    try:
        import apprise
        import requests
    except ImportError:
        raise ValueError(_LACKING) from None
    requests.sessions.DEFAULT_REDIRECT_LIMIT = 0  # type: ignore[attr-defined]
    requests.sessions.HTTPAdapter = _bounded()  # type: ignore[attr-defined]
    _quiet.propagate = False  # it quotes addresses
    asset = apprise.AppriseAsset(async_mode=False, secure_logging=True, plugin_paths=[])
    service = apprise.Apprise.instantiate(options.secret_url.get_secret_value(), asset=asset)
    if service is None:
        raise ValueError("Apprise knows no such service, or its address lacks something")
    if not hasattr(sys.modules[type(service).__module__], "requests"):
        raise ValueError(f"'{_scheme(options)}' is no service that is asked over HTTP")
    return service


@cache
def _bounded() -> Any:
    """How answers are taken: no more of one, unpacked, than tells whether the message was taken."""
    from requests.adapters import HTTPAdapter

    class Bounded(HTTPAdapter):
        def send(self, *args: Any, **options: Any) -> Any:
            answer = super().send(*args, **options)
            told = b""
            for piece in answer.iter_content(_PIECE):
                told += piece
                if len(told) >= _MOST:
                    answer.raw.close()
                    break
            answer._content, answer._content_consumed = told[:_MOST], True
            return answer

    return Bounded


def _refused(name: str, said: str) -> DeliveryError:
    """What became of it, from what Apprise logged: its answer is yes or no, and its log may hold tokens."""
    if "redirects" in said:
        return DeliveryError(f"{name} redirects, which is not followed", permanent=True)
    if "timed out" in said and "ConnectTimeout" not in said:
        return DeliveryError(f"{name} did not answer in time", permanent=False, unknown=True)
    if any(words in said for words in _BROKEN_OFF):
        return DeliveryError(f"{name} broke off before it answered", permanent=False, unknown=True)
    status = _STATUS.search(said)
    if status is None:
        return DeliveryError(f"{name} cannot be reached, or did not take it", permanent=False)
    code = int(status[1])
    passing = code in _PASSING or code >= 500
    return DeliveryError(f"{name} answered {code}", permanent=not passing)
