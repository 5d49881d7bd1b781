"""What people in the field report by a form of the service's own, which config/forms describes."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from connectors import push
from engine.errors import FeedError
from engine.model.feed import Fetch

ID = "form"


class Options(BaseModel):
    """See docs/feeds.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Which form of config/forms is filled in: the name of its file without `.yaml`.
    form: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """Nobody asks a form; raises FeedError."""
    raise FeedError("this feed is a form: what people report comes from its page")


def take(options: Options, form: str, body: bytes) -> Fetch:
    """What somebody filled in, as the page checked it. Raises FeedError where it cannot be read."""
    return push.take(push.Options(), form, body)
