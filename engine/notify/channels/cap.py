"""Publishes warnings as a CAP 1.2 feed: a folder with a document for each message and an Atom index.

A document that stands there already is not written again; signing, where a key is given, comes last.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, model_validator

from engine.errors import DeliveryError
from engine.model.message import Channel, Notification
from engine.notify.cap.publisher import Publisher, Scope
from engine.notify.channels.option import Length

if TYPE_CHECKING:
    from engine.notify.cap.folder import Folder

ID = "cap"

_SCOPES = {"public": Scope.PUBLIC, "restricted": Scope.RESTRICTED, "by-domain": None}


def _folder(url: AnyHttpUrl) -> str:
    text = str(url)
    return text if text.endswith("/") else f"{text}/"


class Options(BaseModel):
    """See docs/cap.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    sender: Annotated[str, Field(pattern=r"^[^\s,<&]+$", max_length=200)]
    sender_name: Annotated[str, Field(min_length=1)]
    web: AnyHttpUrl
    contact: str = ""
    scope: Literal["by-domain", "public", "restricted"] = "by-domain"
    organisation: Annotated[str, Field(pattern=r"^([0-9]{14})?$")] = ""
    scheme: Annotated[str, Field(min_length=1)] = "forewarn:area"
    grace: Length = timedelta(hours=2)
    exercise: str = ""
    #: The address of the folder, where the links of the index are to be whole.
    url: Annotated[AnyHttpUrl, AfterValidator(_folder)] | None = None
    #: Whether the page for answers serves what is public, at /cap/RECEIVER.CHANNEL/index.atom.
    serve: bool = False
    key: Path | None = None
    certificate: Path | None = None
    password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _signed(self) -> Options:
        if (self.key is None) != (self.certificate is None):
            raise ValueError("key and certificate go together")
        if self.serve and self.scope == "restricted":
            raise ValueError("what is restricted is served to nobody; take out serve, or scope")
        return self

    @property
    def publisher(self) -> Publisher:
        return Publisher(
            sender=self.sender, name=self.sender_name, web=str(self.web), contact=self.contact,
            scope=_SCOPES[self.scope], organisation=self.organisation, scheme=self.scheme, grace=self.grace,
            exercise=self.exercise,
        )  # fmt: skip

    @property
    def folder(self) -> Folder:
        from engine.notify.cap.folder import Folder  # with it comes lxml

        return Folder(self.path, self.publisher, str(self.url or ""))


def options(channel: Channel) -> Options:
    """A channel of this kind as it was written."""
    return Options.model_validate({key: value for key, value in channel.options.items() if key != "name"})


def send(options: Options, notification: Notification, now: datetime) -> None:
    """Write the document and the index durably."""
    from engine.notify.cap.document import FORMAT, document
    from engine.notify.cap.sign import Signer

    message = json.loads(notification.payload)
    if message.get("format") != FORMAT:
        raise DeliveryError("a CAP feed takes warnings only, as CAP messages", permanent=True)

    def make() -> bytes:
        made = document(message, options.publisher)
        if options.key is None or options.certificate is None:
            return made
        return Signer.of(options.key, options.certificate, options.password.get_secret_value()).sign(made)

    try:
        options.folder.put(message["identifier"], make, now)
    except OSError as error:
        raise DeliveryError(f"cannot write {options.path}: {error.strerror}", permanent=False) from error
