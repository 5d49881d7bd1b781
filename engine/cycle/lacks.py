"""What a configuration that can be read still lacks before anybody may rely on it.

A state is `sample` (made up, or for nobody), `odd`, `lacking` (keeps it from warning), or what `status` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from engine.cycle import comparable, condition, hearing
from engine.cycle import run as running
from engine.cycle.condition import Condition
from engine.cycle.sample import Sample
from engine.cycle.world import World
from engine.errors import FeedError
from engine.ingest.idle import idle
from engine.model.feed import Feed
from engine.model.grade import Domain
from engine.model.taxonomy import Taxonomy
from engine.model.text import numbered
from engine.store import runs

#: So many records of a feed are tried.
TRIED = 500
#: Where kits keep what is made up.
_SAMPLES = "samples"


def found(world: World, sampled: Callable[[Feed], Sample]) -> Iterator[Condition]:
    """Everything that was looked at, in the order in which it is set up. sampled: what the first records of
    a feed become; raises FeedError."""
    yield _areas(world)
    yield from _feeds(world, sampled)
    yield from _rules(world)
    yield from _baselines(world)
    yield from _receivers(world)
    for problem in world.settings.problems:
        yield Condition("file", f"{problem.path}:{problem.line}", "odd", problem.sentence)
    yield _judged(world)


def _areas(world: World) -> Condition:
    tree, said = world.settings.tree, numbered(len(world.settings.tree), "area")
    if len(tree) < 2:
        return Condition("areas", said, "lacking", "fill config/areas.csv: code, name, level, parent")
    if any("sample" in area.name.en for area in tree):
        return Condition("areas", said, "sample", "made up: put your own into config/areas.csv")
    if not world.settings.gazetteer.polygons:
        return Condition("areas", said, "odd", "no polygons: points find no place (`geometry`)")
    return Condition("areas", said)


def _feeds(world: World, sampled: Callable[[Feed], Sample]) -> Iterator[Condition]:
    if not world.settings.feeds:
        yield Condition("feed", "none", "lacking", "begin with: forewarn feeds guess FILE --add")
    engine = world.settings.engine
    for feed in world.settings.feeds.values():
        if feed.filled_in and engine.public is None and engine.console is None:
            said = "its form is shown nowhere: set `public` or `console` in config/engine.yaml"
            yield Condition("feed", feed.id, "odd", said)
            continue
        read = _read(feed, sampled, world.settings.taxonomy)
        yield read if read.state == "lacking" else _heard(world, feed, read)


def _heard(world: World, feed: Feed, read: Condition) -> Condition:
    """How the feed is heard where that is worse than what its first records say."""
    with world.store.read() as tx:
        heard = hearing.of(world, tx, feed)
    if heard.state == "ok":
        return read
    if heard.last_poll is None and not feed.pushed:  # as it must be before the service was ever started
        return replace(read, state="odd", detail=heard.detail) if read.state == "ok" else read
    return condition.feed(feed, heard)


def _read(feed: Feed, sampled: Callable[[Feed], Sample], taxonomy: Taxonomy) -> Condition:
    if feed.pushed:
        return Condition("feed", feed.id)
    try:
        found = sampled(feed)
    except FeedError as error:
        return Condition("feed", feed.id, "lacking", f"cannot be read: {error}")
    account = found.account
    if account.rejected > feed.tolerate * account.read:
        said = f"{account.rejected} of the first {numbered(account.read, 'record')} are refused"
        return Condition("feed", feed.id, "lacking", f"{said}: forewarn feeds try {feed.id}")
    if not account.read:
        said = "it holds no record now: where there always is something, say so by `not_empty: true`"
        return Condition("feed", feed.id, "odd", said)
    if nobody := idle(found.incidents, taxonomy):
        return Condition("feed", feed.id, "lacking", nobody)
    path = getattr(feed.options, "path", None)
    if path is not None and _SAMPLES in Path(path).parts:
        return Condition("feed", feed.id, "sample", "made up: name your own source in its `options`")
    if not feed.licence or not feed.source:
        return Condition("feed", feed.id, "odd", "say where it comes from and under which licence")
    return Condition("feed", feed.id)


def _rules(world: World) -> Iterator[Condition]:
    domains = {rule.domain for rule in world.book.rules.values() if rule.judged}
    if not domains:
        yield Condition("rules", "none", "lacking", "no rule is judged: docs/rules.md shows how to write one")
        return
    for domain in Domain:
        number = sum(rule.domain == domain for rule in world.book.rules.values())
        state = "ok" if domain in domains else "odd"
        detail = "" if domain in domains else "no rule judges this domain: nothing in it will be warned of"
        yield Condition("rules", f"{number} of {domain}", state, detail)


def _baselines(world: World) -> Iterator[Condition]:
    with world.store.read() as tx:
        found = comparable.young(world, tx)
    for one in found:
        yield condition.baseline(one)


def _receivers(world: World) -> Iterator[Condition]:
    receivers = world.settings.receivers.values()
    if not any(one.operator for one in receivers):
        said = "nobody hears of the engine's own troubles: say `operator: true` of one"
        yield Condition("receivers", "operator", "odd", said)
    reached = {kind for one in receivers for kind in (channel.kind for channel in one.channels)}
    if not reached - {"file"}:
        said = "messages go into files only: docs/notifications.md names the other channels"
        yield Condition("receivers", numbered(len(receivers), "receiver"), "sample", said)
    else:
        yield Condition("receivers", numbered(len(receivers), "receiver"))


def _judged(world: World) -> Condition:
    with world.store.read() as tx:
        judged = runs.last_due(tx)
    if judged is None:
        said = "nothing is judged yet: forewarn run, or forewarn cycle daily"
        return Condition("runs", "none", "odd", said)
    now = world.clock()
    due = condition.cycles(running.due(world, now), world.settings.cycles.grace, now)
    done = Condition("runs", f"the last at {judged.astimezone(world.settings.calendar.zone):%Y-%m-%d %H:%M}")
    return done if due.state == "ok" else due
