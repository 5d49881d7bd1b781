"""`forewarn rules packs`: which packs there are, what this centre takes of them, and what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import click

from engine import app
from engine.cli import names
from engine.cli.language import chinese, language_option, said, say
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.errors import ConfigError, UsageError
from engine.model.problem import Level, nearest
from engine.rulebook import load
from engine.rulebook.context import Context
from engine.rulebook.language import reading
from engine.rulebook.language.source import Source
from engine.rulebook.load import Loaded
from engine.rulebook.packs.filter import text_hash
from engine.rulebook.packs.pack import Pack, available
from engine.rulebook.take import Aside

_PACKS = ("pack", "version", "taken", "rules", "judged", "off", "lacking", "domains", "licence", "title")
_RULES = ("rule", "domain", "topic", "cycle", "level", "status", "state", "hash", "because")


@click.command(epilog="Example: forewarn rules packs public-safety")
@click.argument("name", default="")
@language_option
@format_option
@pass_place
def packs(place: Place, name: str, language: str, form: str) -> None:
    """Every rule pack; with NAME the rules of one, and why a rule of it is not judged here.

    A centre takes packs by config/packs.yaml (docs/packs.md). A rule whose categories no feed brings is left
    aside until one does. `hash` is that of a rule's text, to which a tune can be bound by `of`.
    """
    settings = app.settings(place.root)
    names.remember(settings)
    context = app.context(settings, datetime.now(UTC).date())
    found, problems = available(place.root)
    if problems:
        raise ConfigError(problems)
    loaded = load.read_whole(place.root / "rules", context)
    if loaded.book is None:
        click.echo(_broken(loaded), err=True)
    if not name:
        show([_row(pack, context, loaded, language) for pack in found.values()], _PACKS, form)
        return
    if name not in found:
        raise UsageError(f"there is no pack '{name}'{nearest(name, found)}; there are: {', '.join(found)}")
    pack = found[name]
    if form == "text":
        title, wants = pack.manifest.title.text.say(language), pack.manifest.wants.text.say(language)
        click.echo(f"{title}（{pack}）。{wants}\n" if language == "zh" else f"{title} ({pack}). {wants}\n")
    show(list(_rules(pack, loaded)), _RULES, form)


def _broken(loaded: Loaded) -> str:
    """Which files keep the whole set from being used: what is listed is what it would be."""
    files = sorted({one.path for one in loaded.problems if one.level is Level.ERROR})
    told = (
        "{n} {n:file holds|files hold} mistakes, and no rule is judged as listed until they are mended: "
        "{files}; see: forewarn rules check"
    )
    return say(told, n=len(files), files=said(", ", "、").join(files))


def _because(one: Aside) -> str:
    """Why it is not judged: the centre's own words where it is off."""
    if one.off or not chinese():
        return one.reason
    # Whoever reads English need not wait for the words.
    from engine.rulebook.words.mistakes import CHINESE

    return CHINESE.get(one.check, one.reason)


def _row(pack: Pack, context: Context, loaded: Loaded, language: str) -> Mapping[str, object]:
    sources = _written(pack)
    domains = sorted({str(source.written.domain) for source in sources})
    if chinese():
        domains = [names.called("domain", one) for one in domains]
    states = Counter(row["state"] for row in _rules(pack, loaded))
    return {
        "pack": pack.name, "version": pack.manifest.version,
        "taken": any(one.pack.name == pack.name for one in context.packs), "rules": len(sources),
        "judged": states["judged"], "off": states["off"], "lacking": states["lacking"],
        "domains": " ".join(domains),
        "licence": pack.manifest.licence, "title": pack.manifest.title.text.say(language),
    }  # fmt: skip


def _rules(pack: Pack, loaded: Loaded) -> Iterator[Mapping[str, object]]:
    """The rules as they are judged here; of a pack that is not taken as they are written."""
    taken = {source.id: source for source in loaded.sources if source.pack == str(pack)}
    aside = {one.source.id: one for one in loaded.aside if one.source.pack == str(pack)}
    for written in _written(pack):
        one = aside.get(written.id)
        source = taken.get(written.id) or (one.source if one else written)
        state = "judged" if written.id in taken else "not taken"
        yield {
            "rule": source.id, "domain": source.written.domain, "topic": source.written.topic,
            "cycle": source.written.cycle, "level": source.written.level, "status": source.written.status,
            "state": state if one is None else "off" if one.off else "lacking",
            "hash": text_hash(written.document.data), "because": _because(one) if one else "",
        }  # fmt: skip


def _written(pack: Pack) -> Sequence[Source]:
    found, problems = reading.sources(pack.paths())
    if problems:
        raise ConfigError(problems)
    return sorted(found, key=lambda source: source.id)
