"""`forewarn links`: signed links, by which a receiver answers, or somebody reports, without an account."""

from __future__ import annotations

from datetime import timedelta

import click

from engine.cli.language import say
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, feed_of, pass_place, receiver_of
from engine.cycle import filling, linking
from engine.cycle.world import World
from engine.duty.link import FormLink, Link
from engine.errors import UsageError
from engine.store import outbox

_COLUMNS = ("receiver", "warning", "feed", "area", "revoked")
#: Days that a link to a form holds where nobody says otherwise.
_DAYS = 90


@click.group()
def links() -> None:
    """Links: one receiver's page about one warning, or one form, for an answer without an account."""


@links.command("make", epilog="Example: forewarn links make 01.fire.d20251230 --for county-01")
@click.argument("warning")
@click.option("--for", "receiver", required=True, help="A receiver that was told of it.")
@pass_place
def make(place: Place, warning: str, receiver: str) -> None:
    """Print a new link for a receiver that was told of the warning."""
    with place.world() as world:
        receiver_of(world, receiver)
        _answered(world)
        with world.store.read() as tx:
            told = outbox.heard(tx, [warning])[warning]
        if receiver not in told:
            others = ", ".join(sorted(told)) or "nobody"
            raise UsageError(f"'{receiver}' was not told of {warning}; told: {others}")
        click.echo(linking.address(world, Link(receiver, warning, world.clock())))


@links.command("form", epilog="Example: forewarn links form grid-form --area 999901101 --days 30")
@click.argument("feed")
@click.option("--area", default="", help="Only for this area and those below it.")
@click.option(
    "--days", default=_DAYS, show_default=True, type=click.IntRange(1, filling.LONGEST.days),
    help="How long it holds.",
)  # fmt: skip
@pass_place
def form(place: Place, feed: str, area: str, days: int) -> None:
    """Print a new link to the form of a feed: whoever has it may report."""
    with place.world() as world:
        _filled_in(world, feed)
        _answered(world)
        top, now = area_of(world, area) if area else "", world.clock()
        if filling.sheet(world, feed, top) is None:
            raise UsageError(f"the form of '{feed}' is about no place in {area}; see `places` in its file")
        click.echo(filling.address(world, FormLink(feed, top, now, now + timedelta(days=days))))


@links.command("revoke", epilog="Example: forewarn links revoke --for county-01")
@click.option("--for", "receiver", default="", help="Whose links.")
@click.option("--warning", default="", help="Only those about this warning.")
@click.option("--form", "feed", default="", help="Those to the form of this feed.")
@click.option("--area", default="", help="Only those for this area and the ones below it.")
@pass_place
def revoke(place: Place, receiver: str, warning: str, feed: str, area: str) -> None:
    """Take back every link that a receiver was given until now, or every one to a form; later messages have
    new ones."""
    if bool(receiver) == bool(feed) or (warning and feed) or (area and receiver):
        raise UsageError("say --for RECEIVER (and --warning), or --form FEED (and --area)")
    with place.world() as world:
        if feed:
            _filled_in(world, feed)
            top = area_of(world, area) if area else ""
            with world.store.lasting() as tx:
                filling.revoke(tx, feed, top, world.clock())
            click.echo(f"the links to the form of {feed}{f' for {top}' if top else ''} open nothing any more")
            return
        receiver_of(world, receiver)
        with world.store.lasting() as tx:
            linking.revoke(tx, receiver, warning, world.clock())
        told = "the links of {receiver} about {warning} open nothing any more"
        if not warning:
            told = "the links of {receiver} open nothing any more"
        click.echo(say(told, receiver=receiver, warning=warning))


@links.command("list", epilog="Example: forewarn links list")
@format_option
@pass_place
def list_(place: Place, form: str) -> None:
    """Which links were taken back, and when."""
    with place.world() as world:
        with world.store.read() as tx:
            found = [(receiver, warning, "", "", at) for receiver, warning, at in linking.revocations(tx)]
            found += [("", "", feed, area, at) for feed, area, at in filling.revocations(tx)]
        rows = [dict(zip(_COLUMNS, one, strict=True)) for one in found]
        show(rows, _COLUMNS, form, empty="no link was taken back", zone=world.settings.calendar.zone)


def _answered(world: World) -> None:
    """Raises UsageError where no page is served to whoever has a link."""
    if world.settings.engine.public is None:
        raise UsageError("no page answers links here; set `public` in config/engine.yaml")


def _filled_in(world: World, feed: str) -> None:
    """Raises UsageError where the feed is no form."""
    if not feed_of(world, feed).filled_in:
        raise UsageError(f"the feed '{feed}' is no form: nobody fills it in")
