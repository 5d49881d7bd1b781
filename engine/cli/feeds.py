"""`forewarn feeds` and `forewarn ingest`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from engine.cli import Commands
from engine.cli.cells import Ours
from engine.cli.given import FILE
from engine.cli.language import read, said, say
from engine.cli.listing import format_option, show
from engine.cli.place import Place, feed_of, pass_place
from engine.cycle import collect, comparable, depth, hearing, sample
from engine.cycle import run as running
from engine.cycle.loops import asked
from engine.cycle.loops.asked import Ask, asking
from engine.cycle.loops.worker import Unfinished
from engine.cycle.world import World
from engine.errors import FeedError, UsageError
from engine.ingest.idle import idle
from engine.model.feed import Account, Feed
from engine.model.incident import UNGRADED, Incident, Reject
from engine.store import health, rejects, telling
from engine.store.database import Tx

_COLLECTED = (
    "feed", "read", "new", "revised", "unchanged", "repeated", "skipped", "rejected", "late", "gone", "error",
)  # fmt: skip


@click.group(cls=Commands, written={"guess": "guess:guess"})
def feeds() -> None:
    """The configured sources."""


@feeds.command("list", epilog="Example: forewarn feeds list")
@format_option
@pass_place
def list_(place: Place, form: str) -> None:
    """Every feed: when it was last heard, and whether its topics are blind."""
    columns = (
        "id", "connector", "subject", "poll", "max_silence", "last_poll", "last_news", "usual_gap", "state",
        "placed", "linked", "read", "new", "revised", "unchanged", "repeated", "skipped", "rejected",
        "rejects", "licence", "title",
    )  # fmt: skip
    with place.world() as world, world.store.read() as tx:
        bad, accounts = rejects.count(tx), health.accounts(tx)
        linked = Counter(feed for (feed, _), *_ in telling.standing(tx))
        rows = []
        for feed in world.settings.feeds.values():
            heard = hearing.of(world, tx, feed)
            rows.append({
                "id": feed.id, "connector": feed.connector, "subject": feed.subject, "poll": feed.poll,
                "max_silence": feed.max_silence, "last_poll": heard.last_poll,
                "last_news": heard.last_news, "usual_gap": heard.usual_gap,
                "state": heard.state, "placed": _placed(world, tx, feed), "linked": linked[feed.id],
                **asdict(accounts.get(feed.id, Account())), "rejects": bad.get(feed.id, 0),
                "licence": feed.licence, "title": feed.title,
            })  # fmt: skip
    show(rows, columns, form, empty="no feed is configured", zone=world.settings.calendar.zone)


def _placed(world: World, tx: Tx, feed: Feed) -> str:
    """How much of what it told lately is placed at each level or deeper."""
    shares = depth.placements(world, tx, feed, world.clock()).shares()
    return ", ".join(f"{level} {share:.0%}" for level, share in shares.items())


@feeds.command(epilog="Example: forewarn feeds check")
@pass_place
def check(place: Place) -> None:
    """Read every feed once without storing anything: can it be reached, does the mapping fit, is there a past
    to compare with."""
    bad = False
    with place.world() as world, asking(world) as ask:
        for feed in _polls(world):
            try:
                found = _sample(world, ask, feed, 1000)
            except FeedError as error:
                click.echo(f"{feed.id}: {read(str(error))}")
                bad = True
                continue
            click.echo(f"{feed.id}: {_told(found)}")
            for refusal in _refusals(found, 5):
                click.echo(f"    {refusal}")
            bad |= bool(found.rejects)
            if nobody := idle(found.incidents, world.settings.taxonomy):
                click.echo(f"    {nobody}")
            with world.store.read() as tx:
                for remark in comparable.remarks(world, tx, feed):
                    click.echo(f"    {read(remark)}")
    if bad:
        raise click.exceptions.Exit(1)


@feeds.command("try", epilog="Example: forewarn feeds try se-police --limit 5")
@click.argument("feed")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1))
@format_option
@pass_place
def try_(place: Place, feed: str, limit: int, form: str) -> None:
    """What a feed's first records become, one by one, and why one is refused; nothing is stored."""
    columns = (
        "record", "becomes", "source_id", "occurred_at", "known_at", "areas", "category", "severity",
        "precision", "why",
    )  # fmt: skip
    with place.world() as world, asking(world) as ask:
        found = _sample(world, ask, _asked(world, feed), max(limit, 1000))
    rows = list(_become(found.each))
    show(rows[:limit], columns, form, empty="the source holds no record", zone=world.settings.calendar.zone)
    click.echo(_told(found), err=True)
    for refusal in _refusals(found, limit):
        click.echo(refusal, err=True)


def _become(found: Sequence[sample.Record]) -> Iterator[dict[str, Any]]:
    """A row for each record. What comes again with the same id is a repetition or a revision of the first."""
    seen: dict[str, Incident] = {}
    for record, one in found:
        if one is None:
            yield {"record": Ours(record), "becomes": "skipped", "why": Ours("the mapping skips it")}
        elif isinstance(one, Reject):
            yield {"record": Ours(record), "becomes": "refused", "why": Ours(one.reason)}
        else:
            yield {"record": Ours(record)} | _incident(one, seen.get(one.source_id))
            seen[one.source_id] = one


def _incident(one: Incident, before: Incident | None) -> dict[str, Any]:
    keys = ("source_id", "occurred_at", "known_at", "category", "severity", "precision")
    becomes = "incident" if before is None else "repetition" if before.facts == one.facts else "revision"
    if one.withdrawn:
        becomes = "withdrawal"
    said = {key: getattr(one, key) for key in keys}
    if one.severity == UNGRADED:
        said["severity"] = None
    return {"becomes": becomes, "areas": " ".join(one.areas)} | said


@feeds.command(epilog="Example: forewarn feeds poll se-police")
@click.argument("names", nargs=-1)
@format_option
@pass_place
def poll(place: Place, names: tuple[str, ...], form: str) -> None:
    """Poll feeds now (default: all), due or not."""
    with place.world() as world, asking(world) as ask:
        chosen = [_asked(world, name) for name in names] or _polls(world)
        running.prepare_ledger(world)
        rows = [_polled(world, ask, feed) for feed in chosen]
    show(rows, _COLLECTED, form)
    if any(row["error"] for row in rows):
        raise click.exceptions.Exit(1)


@feeds.command(epilog="Example: forewarn feeds reread kev --since 2025-01-01")
@click.argument("feed")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what occurred from this day on.")
@format_option
@pass_place
def reread(place: Place, feed: str, since: datetime | None, form: str) -> None:
    """Read everything a source has once more, as after a mended mapping; what is known changes nothing."""
    with place.world() as world, asking(world) as ask:
        of = _asked(world, feed)
        begin = world.settings.calendar.midnight(since.date()) if since else None
        running.prepare_ledger(world)
        row = _polled(world, ask, of, collect.Asked(anew=True, since=begin))
    show([row], _COLLECTED, form)
    if row["error"]:
        raise click.exceptions.Exit(1)


@feeds.command("rejects", epilog="Example: forewarn feeds rejects --limit 20")
@click.argument("feed", required=False)
@click.option("--limit", default=50, show_default=True)
@click.option("--by", type=click.Choice(["reason", "value"]), help="Group what is still unread, with counts.")
@format_option
@pass_place
def rejects_(place: Place, feed: str | None, limit: int, by: str | None, form: str) -> None:
    """Records that could not become incidents: masked, each with its reason."""
    if by:
        with place.world() as world, world.store.read() as tx:
            names = ("feed", "kind", by, "count", "last_seen", "example")
            rows = [dict(zip(names, row, strict=True)) for row in rejects.groups(tx, by, feed)[:limit]]
            rows = [row | {name: Ours(row[name]) for name in (by, "example")} for row in rows]
        zone = world.settings.calendar.zone
        show(rows, names, form, empty="no record is unread", zone=zone, heads={"kind": "类别"})
        return
    columns = ("feed", "seen_at", "place", "reason", "record")
    with place.world() as world, world.store.read() as tx:
        kept = rejects.listing(tx, feed=feed, limit=limit)
        rows = [
            {key: getattr(one.reject, key) for key in columns}
            | {key: Ours(getattr(one.reject, key)) for key in ("place", "reason")}
            for one in kept
        ]  # fmt: skip
    show(rows, columns, form, empty="no record was rejected", zone=world.settings.calendar.zone)


@click.command(epilog="Example: forewarn ingest se-police config/demo/se_police.csv.gz")
@click.argument("feed")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--history", is_flag=True, help="The files tell what became known when, and no polls.")
@click.option("--observed", help="With --history: the days FROM..TO over which the feed was heard.")
@format_option
@pass_place
def ingest(
    place: Place, feed: str, files: tuple[Path, ...], history: bool, observed: str | None, form: str
) -> None:
    """Read files as if the feed had brought them; what is known already changes nothing."""
    if history != bool(observed):
        raise UsageError("a history states over which days it was heard: --history --observed FROM..TO")
    with place.world() as world:
        stretch = _stretch(world, observed) if observed else None
        of = feed_of(world, feed)
        if "path" not in type(of.options).model_fields:
            raise UsageError(f"the connector '{of.connector}' of '{feed}' reads no files")
        running.prepare_ledger(world)
        rows = []
        for file in files:
            single = replace(of, options=of.options.model_copy(update={"path": file, "url": None}))
            wanted = collect.Asked(anew=True, beside=True, observed=stretch)
            rows.append({**asdict(collect.poll(world, single, wanted)), "file": str(file)})
    show(rows, (*_COLLECTED, "file"), form)
    if any(row["error"] for row in rows):
        raise click.exceptions.Exit(1)


def _polled(world: World, ask: Ask, feed: Feed, wanted: collect.Asked = collect.TURN) -> dict[str, Any]:
    try:
        found = asked.poll(world, feed, ask, wanted)
    except Unfinished as error:
        found = collect.Collected(feed=feed.id, error=str(error))
    return asdict(found) | {"error": Ours(found.error)}


def _sample(world: World, ask: Ask, feed: Feed, limit: int) -> sample.Sample:
    """What the first records of a source would become; says what is to be known of it."""
    found = asked.sampled(world, feed, ask, limit)
    for note in found.notes:
        click.echo(f"{feed.id}: {read(world.context.guard.mask(note))}", err=True)
    return found


def _told(found: sample.Sample) -> str:
    """The account, in the words of a poll's."""
    counts = asdict(found.account)
    records = counts.pop("read")
    told = said(", ", "，").join(say(f"{{n}} {what}", n=many) for what, many in counts.items())
    kept = "{n} {n:is|are} kept without {n:its|their} {name}"
    lost = [say(kept, n=many, name=name) for name, many in sorted(found.lost.items())]
    whole = say("{n} {n:record|records} read: {counts}", n=records, counts=told)
    return said("; ", "；").join([whole, *lost])


def _refusals(found: sample.Sample, most: int) -> list[str]:
    """Why records are refused, each cause once, with the first of them."""
    return [
        f"{read(one.place)}: {read(one.reason)}" + (f" ({more})" if more else "")
        for many, one in found.refusals[:most]
        for more in [say("and {n} more of the kind", n=many - 1) if many > 1 else ""]
    ]


def _stretch(world: World, text: str) -> tuple[datetime, datetime]:
    """FROM..TO, both days whole, in the calendar's zone."""
    try:
        first, last = (date.fromisoformat(part) for part in text.split(".."))
    except ValueError:
        raise UsageError(f"--observed {text!r} is no FROM..TO, as in 2024-01-01..2025-12-31") from None
    calendar = world.settings.calendar
    begins, ends = calendar.midnight(first), calendar.midnight(last + timedelta(days=1))
    if ends <= begins:
        raise UsageError(f"--observed {text}: {last} lies before {first}")
    if begins > world.clock():
        raise UsageError(f"--observed {text}: {first} lies in the future")
    return begins, min(ends, world.clock())


def _polls(world: World) -> list[Feed]:
    """The feeds whose sources are asked."""
    return [feed for feed in world.settings.feeds.values() if not feed.pushed]


def _asked(world: World, name: str) -> Feed:
    feed = feed_of(world, name)
    if feed.filled_in:
        raise UsageError(f"nobody asks '{name}': people fill it in, by `forewarn links form {name}`")
    if feed.pushed:
        raise UsageError(f"nobody asks '{name}': its source pushes to POST /v1/incidents")
    return feed
