"""What a configuration that can be read still lacks before anybody may rely on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.cycle import comparable
from engine.cycle.sample import Sample
from engine.cycle.world import World
from engine.errors import FeedError
from engine.model.feed import Feed
from engine.model.grade import Domain
from engine.store import runs

#: So many records of a feed are tried.
TRIED = 500
#: Where kits keep what is made up.
_SAMPLES = "samples"


@dataclass(frozen=True)
class Lack:
    """One thing looked at: ok | sample (made up, or for nobody) | odd | lacking (keeps it from warning)."""

    what: str
    name: str
    state: str = "ok"
    detail: str = ""


def found(world: World, sampled: Callable[[Feed], Sample]) -> Iterator[Lack]:
    """Everything that was looked at, in the order in which it is set up. sampled: what the first records of
    a feed become; raises FeedError."""
    yield _areas(world)
    yield from _feeds(world, sampled)
    yield from _rules(world)
    yield from _baselines(world)
    yield from _receivers(world)
    for problem in world.settings.problems:
        yield Lack("file", f"{problem.path}:{problem.line}", "odd", problem.sentence)
    yield _judged(world)


def _areas(world: World) -> Lack:
    tree, said = world.settings.tree, f"{len(world.settings.tree)} areas"
    if len(tree) < 2:
        return Lack("areas", said, "lacking", "fill config/areas.csv: code, name, level, parent")
    if any("sample" in area.name.en for area in tree):
        return Lack("areas", said, "sample", "made up: put your own into config/areas.csv")
    if not world.settings.gazetteer.polygons:
        return Lack("areas", said, "odd", "no polygons: points find no place (`geometry`)")
    return Lack("areas", said)


def _feeds(world: World, sampled: Callable[[Feed], Sample]) -> Iterator[Lack]:
    if not world.settings.feeds:
        yield Lack("feed", "none", "lacking", "begin with: forewarn feeds guess FILE --add")
    for feed in world.settings.feeds.values():
        yield _feed(feed, sampled)


def _feed(feed: Feed, sampled: Callable[[Feed], Sample]) -> Lack:
    if feed.pushed:
        return Lack("feed", feed.id)
    try:
        account = sampled(feed).account
    except FeedError as error:
        return Lack("feed", feed.id, "lacking", f"cannot be read: {error}")
    if account.rejected > feed.tolerate * account.read:
        said = f"{account.rejected} of the first {account.read} records are refused"
        return Lack("feed", feed.id, "lacking", f"{said}: forewarn feeds try {feed.id}")
    if not account.read:
        said = "it holds no record now: where there always is something, say so by `not_empty: true`"
        return Lack("feed", feed.id, "odd", said)
    path = getattr(feed.options, "path", None)
    if path is not None and _SAMPLES in Path(path).parts:
        return Lack("feed", feed.id, "sample", "made up: name your own source in its `options`")
    if not feed.licence or not feed.source:
        return Lack("feed", feed.id, "odd", "say where it comes from and under which licence")
    return Lack("feed", feed.id)


def _rules(world: World) -> Iterator[Lack]:
    domains = {rule.domain for rule in world.book.rules.values() if rule.judged}
    if not domains:
        yield Lack("rules", "none", "lacking", "no rule is judged: docs/rules.md shows how to write one")
        return
    for domain in Domain:
        many = sum(rule.domain == domain for rule in world.book.rules.values())
        state = "ok" if domain in domains else "odd"
        detail = "" if domain in domains else "no rule judges this domain: nothing in it will be warned of"
        yield Lack("rules", f"{many} of {domain}", state, detail)


def _baselines(world: World) -> Iterator[Lack]:
    with world.store.read() as tx:
        found = comparable.young(world, tx)
    for one in found:
        yield Lack("baseline", f"of {len(one.rules)} rules", "odd", str(one))


def _receivers(world: World) -> Iterator[Lack]:
    receivers = world.settings.receivers.values()
    if not any(one.operator for one in receivers):
        said = "nobody hears of the engine's own troubles: say `operator: true` of one"
        yield Lack("receivers", "operator", "odd", said)
    reached = {kind for one in receivers for kind in (channel.kind for channel in one.channels)}
    if not reached - {"file"}:
        said = "messages go into files only: docs/notifications.md names the other channels"
        yield Lack("receivers", f"{len(receivers)} receivers", "sample", said)
    else:
        yield Lack("receivers", f"{len(receivers)} receivers")


def _judged(world: World) -> Lack:
    with world.store.read() as tx:
        judged = runs.last_due(tx)
    if judged is None:
        return Lack("runs", "none", "odd", "nothing is judged yet: forewarn run, or forewarn cycle daily")
    return Lack("runs", f"the last at {judged.isoformat(timespec='minutes')}")
