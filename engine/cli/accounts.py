"""`forewarn account` and `forewarn token`: who signs in, and what programs and displays come in by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from engine.cli.language import say
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, feed_of, pass_place, receiver_of
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.period import duration
from engine.model.staff import Account, Office, Right, Token, TokenKind
from engine.staff import accounts, tokens
from engine.store import audit as audited
from engine.store import sessions, staff
from engine.store import tokens as kept

_ACCOUNTS = ("name", "title", "roles", "area", "receivers", "known_as", "since", "state")
_TOKENS = ("id", "title", "kind", "owner", "scopes", "area", "feed", "since", "ends", "used", "state")
_AUDIT = ("at", "who", "what", "about", "refused", "via")
_SELF = {"by": "cli", "via": "cli"}


@click.group()
def account() -> None:
    """Accounts: who signs in to the console, in which roles, and how far they see."""


@account.command("add", epilog="Example: forewarn account add anna --role duty-officer --area 01")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([one.value for one in Office])
)
@click.option("--title", default="", help="What it is called on pages.")
@click.option("--area", default="", help="They see what lies in this area; default: everything.")
@click.option("--for", "receivers", multiple=True, help="They answer for this receiver; default: for any.")
@click.option("--language", type=click.Choice(["en", "zh"]), default=None)
@click.option("--known-as", default="", help="What the identity provider calls them; then no password.")
@pass_place
def add(
    place: Place, name: str, roles: tuple[str, ...], title: str, area: str, receivers: tuple[str, ...],
    language: str | None, known_as: str,
) -> None:  # fmt: skip
    """Add an account; its one-time password is printed, once."""
    with place.world() as world:
        top = area_of(world, area) if area else ""
        for one in receivers:
            receiver_of(world, one)
        with world.store.lasting() as tx:
            given = accounts.add(
                tx, name, map(Office, roles), world.clock(), title=title, area=top, receivers=receivers,
                language=language or "", known_as=known_as.strip(), **_SELF,
            )  # fmt: skip
    told = "{name} signs in with the one-time password {given}"
    if not given:
        told = "{name} signs in by the identity provider, as {known_as}"
    click.echo(say(told, name=name, given=given, known_as=known_as))


@account.command("reset", epilog="Example: forewarn account reset anna")
@click.argument("name")
@pass_place
def reset(place: Place, name: str) -> None:
    """A new one-time password; whoever is signed in as it is signed out."""
    with place.world() as world, world.store.lasting() as tx:
        given = accounts.reset(tx, name, world.clock(), **_SELF)
    click.echo(say("{name} signs in with the one-time password {given}", name=name, given=given))


@account.command("close", epilog="Example: forewarn account close anna")
@click.argument("name")
@pass_place
def close(place: Place, name: str) -> None:
    """It signs in no more, and its sessions and tokens open nothing. What it did stays."""
    with place.world() as world, world.store.lasting() as tx:
        accounts.close(tx, name, world.clock(), **_SELF)
    click.echo(say("closed: {name}", name=name))


@account.command("sign-out", epilog="Example: forewarn account sign-out anna")
@click.argument("name")
@pass_place
def sign_out(place: Place, name: str) -> None:
    """End every session of an account."""
    with place.world() as world, world.store.lasting() as tx:
        accounts.known(tx, name)
        sessions.end_all(tx, name, world.clock())
    click.echo(say("signed out: {name}", name=name))


@account.command("list", epilog="Example: forewarn account list --format json")
@format_option
@pass_place
def list_(place: Place, form: str) -> None:
    """Every account, the closed ones too."""
    with place.world() as world:
        with world.store.read() as tx:
            rows = [_account(one) for one in staff.every(tx)]
        show(rows, _ACCOUNTS, form, empty="nobody has an account", zone=world.settings.calendar.zone)


@account.command("audit", epilog="Example: forewarn account audit --refused --limit 20")
@click.option("--who", default="", help="Of this account alone.")
@click.option("--refused", is_flag=True, help="Only what was refused.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@format_option
@pass_place
def audit(place: Place, who: str, refused: bool, limit: int, form: str) -> None:
    """Who did or tried what at the console and over the API, the latest first."""
    with place.world() as world:
        with world.store.read() as tx:
            found = audited.listing(tx, who=who, refused=refused, limit=limit)
        rows = [{name: getattr(one, name) for name in _AUDIT} for one in found]
        show(rows, _AUDIT, form, empty="nobody has done or tried anything", zone=world.settings.calendar.zone)


@click.group()
def token() -> None:
    """Tokens: what programs ask the API with, and what a wall comes in by."""


@token.command("add", epilog="Example: forewarn token add 'Wall, room 2' --display --area 01")
@click.argument("title")
@click.option("--display", is_flag=True, help="For a wall: it can see the wall, and nothing else.")
@click.option("--feed", default="", help="For a source: it can push what this feed tells, and nothing else.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice([one.value for one in Right]), help="Default: see."
)
@click.option("--owner", default="", help="The account whose rights bound it.")
@click.option("--area", default="", help="It sees what lies in this area; default: what its owner sees.")
@click.option("--lasts", default="", help="Until its end: 90d; default: until it is revoked.")
@pass_place
def make(
    place: Place, title: str, display: bool, feed: str, scopes: tuple[str, ...], owner: str, area: str,
    lasts: str,
) -> None:  # fmt: skip
    """Make a token; its key is printed, once."""
    with place.world() as world:
        top = area_of(world, area) if area else ""
        if feed:
            _pushed(world, feed)
        kind = TokenKind.DISPLAY if display else TokenKind.FEED if feed else TokenKind.API
        with world.store.lasting() as tx:
            made, key = tokens.make(
                tx, title, kind, world.clock(), feed=feed,
                owner=accounts.known(tx, owner) if owner else None,
                scopes=[Right(scope) for scope in scopes] or [Right.SEE], area=top, lasts=_lasts(lasts),
                **_SELF,
            )  # fmt: skip
    click.echo(say("token {id}: {key}", id=made.id, key=key))
    if display:
        address = f"/display?token={key}"
        click.echo(say("Open {address} on the wall's browser; it is remembered there.", address=address))


@token.command("list", epilog="Example: forewarn token list")
@format_option
@pass_place
def tokens_(place: Place, form: str) -> None:
    """Every token there ever was; nobody can read their keys again."""
    with place.world() as world:
        with world.store.read() as tx:
            rows = [_token(world, one) for one in kept.every(tx)]
        zone = world.settings.calendar.zone
        show(rows, _TOKENS, form, empty="there is no token", zone=zone, heads={"kind": "类别"})


@token.command("revoke", epilog="Example: forewarn token revoke 1a2b3c4d")
@click.argument("id")
@pass_place
def revoke(place: Place, id: str) -> None:
    """It opens nothing from now on."""
    with place.world() as world, world.store.lasting() as tx:
        tokens.revoke(tx, id, world.clock(), **_SELF)
    click.echo(say("revoked: {id}", id=id))


def _pushed(world: World, feed: str) -> None:
    """Raises UsageError where there is no such feed, or nobody pushes it."""
    asked = feed_of(world, feed)
    if asked.filled_in:
        raise UsageError(f"'{feed}' is filled in, by a link and no token: `forewarn links form {feed}`")
    if not asked.pushed:
        raise UsageError(f"the feed '{feed}' is asked, not pushed: its connector is {asked.connector}")


def _lasts(text: str) -> timedelta | None:
    if not text:
        return None
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(f"'{text}' is no duration; write 90d or 12h") from error


def _account(one: Account) -> dict[str, Any]:
    state = "closed" if one.closed_at else "one-time password" if one.provisional else "active"
    return {
        "name": one.name, "title": one.title, "roles": ", ".join(sorted(one.offices)), "area": one.area,
        "receivers": ", ".join(one.receivers), "known_as": one.known_as, "since": one.since, "state": state,
    }  # fmt: skip


def _token(world: World, one: Token) -> dict[str, Any]:
    now = world.clock()
    state = "holds" if one.holds(now) else "revoked" if one.revoked_at else "over"
    return {
        "id": one.id, "title": one.title, "kind": one.kind, "owner": one.owner,
        "scopes": ", ".join(sorted(one.scopes)), "area": one.area, "feed": one.feed, "since": one.since,
        "ends": one.ends_at,
        "used": one.used_at, "state": state,
    }  # fmt: skip
