"""`forewarn notifications`, and `forewarn message`: what was sent, and what messages look like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from engine import app
from engine.cli.language import language_option
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.errors import UsageError
from engine.model.problem import nearest
from engine.notify import schema as published
from engine.notify.template.dress import Template, said, samples
from engine.notify.template.language import BadTemplate
from engine.store import outbox

_COLUMNS = (
    "planned_at", "state", "receiver", "channel", "step", "grade", "warning", "attempts", "error", "key",
)  # fmt: skip


@click.command(epilog="Example: forewarn notifications --state failed")
@click.option("--state", type=click.Choice(["pending", "delivered", "retry", "failed", "unknown"]))
@click.option("--limit", default=50, show_default=True)
@format_option
@pass_place
def notifications(place: Place, state: str | None, limit: int, form: str) -> None:
    """Who was told what, by which means, and what became of it."""
    with place.world() as world, world.store.read() as tx:
        found = outbox.listing(tx, state=state, limit=limit)
        rows = [{key: getattr(message, key) for key in _COLUMNS} for message in found]
        show(rows, _COLUMNS, form, empty="no message has been planned", zone=world.settings.calendar.zone)


@click.group()
def message() -> None:
    """What messages look like, to people and to programs."""


@message.command(epilog="Example: forewarn message preview --language zh")
@click.argument("template", required=False)
@language_option
@click.option("--warning", help="Tell of this warning as it was told of last, not of an invented one.")
@pass_place
def preview(place: Place, template: str | None, language: str, warning: str | None) -> None:
    """A message in the words of TEMPLATE of config/routes.yaml, or in the built-in ones; nothing is sent."""
    known = app.settings(place.root).templates
    if template is not None and template not in known:
        raise UsageError(f"there is no template '{template}'{nearest(template, known)}")
    payloads = samples(language) if warning is None else [_told(place, warning, language)]
    for payload in payloads:
        subject, text = payload["subject"], payload["text"]
        if template is not None:
            subject, text = _filled(known[template], payload)
        click.echo(f"{subject}\n\n{text}" if template is not None else text)


def _told(place: Place, warning: str, language: str) -> dict[str, Any]:
    """The last message about a warning that was planned in this language."""
    with place.world() as world, world.store.read() as tx:
        told: list[dict[str, Any]] = [
            json.loads(one.payload) for one in outbox.listing(tx, warning=warning)
        ]  # fmt: skip
    own = [one for one in told if one.get("told") and one["language"] == language]
    if not own:
        raise UsageError(f"nobody was told of '{warning}' in this language")
    return own[0]


def _filled(template: Template, payload: Mapping[str, Any]) -> tuple[str, str]:
    try:
        return said(template, payload)
    except BadTemplate as error:
        raise UsageError(
            f"the template '{template.id}': {error}; the built-in words would be sent"
        ) from error


@message.command(epilog="Example: forewarn message schema > payload.schema.json")
def schema() -> None:
    """The JSON schema of every payload, for whoever reads them by a program."""
    click.echo(published.text(), nl=False)
