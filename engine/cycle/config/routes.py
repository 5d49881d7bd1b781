"""config/routes.yaml: the receivers, their channels, and who hears of what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, Clock, Code, GradeWord, Hours, Name, Strict, short
from engine.model.area import AreaTree
from engine.model.grade import Domain, Grade
from engine.model.message import Channel, Receiver, ReportRoute, Route
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.model.restraint import Restraint
from engine.model.topic import Topic
from engine.model.warning import Issuer
from engine.notify.template.dress import Template, faults
from engine.yamlfile import Document, Path_


class ChannelEntry(BaseModel):
    """One means of reaching a receiver; every further key is an option of its kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str
    name: Name | None = None


class ReceiverEntry(Strict):
    """Somebody who hears of warnings."""

    id: Name
    title: str
    language: Literal["en", "zh"] = "en"
    channels: tuple[ChannelEntry, ...] = ()
    operator: bool = False
    rota: Name | None = None
    #: Who is told in its place, in order, while nobody answers.
    chain: tuple[str, ...] = ()
    #: The areas that are its own: of a situation, what lies there is told line by line.
    territory: tuple[Code, ...] = ()
    #: The template in whose words it is told of warnings.
    template: Name | None = None
    #: Hours in which nothing below orange comes.
    quiet: Hours | None = None
    #: Times of day at which what is below orange comes as one message.
    digest: tuple[Clock, ...] = ()
    #: So many messages below orange a day come by themselves, the others as one.
    budget: Annotated[int, Field(strict=True, ge=1)] | None = None
    #: So many an hour.
    hourly: Annotated[int, Field(strict=True, ge=1)] | None = None
    #: The kind of department it is, as measures name it: it acts in its territory, without one everywhere.
    department: str = ""


class RouteEntry(Strict):
    """Which changes go to which receivers; what is absent means all."""

    id: Name
    areas: tuple[Code, ...] = ()
    domains: tuple[Domain, ...] = ()
    topics: tuple[str, ...] = ()
    grade: GradeWord = "blue"
    receivers: tuple[str, ...]
    #: Asked to let pass what needs one of these; such a route carries proposals and nothing else.
    asks: tuple[Literal["duty", "leader", "two"], ...] = ()


class TemplateEntry(Strict):
    """Words in the place of the built-in ones; see docs/notifications.md."""

    id: Name
    subject: Bilingual
    text: Bilingual


class ReportEntry(Strict):
    """Which reports on an area are made, and who gets them; to nobody: they are kept."""

    id: Name
    cycles: Annotated[tuple[Literal["daily", "weekly", "monthly"], ...], Field(min_length=1)]
    area: Code
    receivers: tuple[str, ...] = ()


class RoutesFile(Strict):
    """The whole file."""

    receivers: tuple[ReceiverEntry, ...] = ()
    routes: tuple[RouteEntry, ...] = ()
    templates: tuple[TemplateEntry, ...] = ()
    reports: tuple[ReportEntry, ...] = ()
    #: Who knows of a worse warning of the topic in an area above is not told of lesser ones below.
    inhibit: Annotated[bool, Field(strict=True)] = False


class Ways(NamedTuple):
    """What the file says, resolved."""

    receivers: Mapping[str, Receiver]
    routes: tuple[Route, ...]
    inhibit: bool
    templates: Mapping[str, Template]
    reports: tuple[ReportRoute, ...] = ()


def load(
    reading: Reading, tree: AreaTree | None, topics: Mapping[str, Topic] | None, channels: Mapping[str, Any],
    lease: timedelta, rotas: Collection[str] = (),
) -> Ways | None:  # fmt: skip
    """The receivers by id, the routes in their order in the file, and whether worse mutes lesser.

    lease: so long a message is its sender's.
    """
    read = reading.file("routes.yaml", RoutesFile, required=False)
    if read is None:
        return None
    document, file = read
    kinds = (("receiver", "receivers"), ("route", "routes"), ("template", "templates"), ("report", "reports"))
    for kind, listing in kinds:
        if listing in document.data:
            reading.unique(document, kind, "id", listing)
    receivers = {
        entry.id: _receiver(reading, document, ("receivers", index), entry, channels, lease)
        for index, entry in enumerate(file.receivers)
    }
    for index, written in enumerate(file.receivers):
        if written.rota:
            reading.known(document, ("receivers", index, "rota"), "rota", written.rota, rotas)
    templates = {one.id: Template(one.id, one.subject.text, one.text.text) for one in file.templates}
    _fit(reading, document, file, templates)
    for index, one in enumerate(file.receivers):
        for place, name in enumerate(one.chain):
            reading.known(document, ("receivers", index, "chain", place), "receiver", name, receivers)
        for place, area in enumerate(one.territory if tree is not None else ()):
            where = ("receivers", index, "territory", place)
            reading.known(document, where, "area", area, tree.areas if tree else ())
    for index, entry in enumerate(file.routes):
        _check(reading, document, ("routes", index), entry, tree, topics, receivers)
    for index, asked in enumerate(file.reports):
        _check_report(reading, document, ("reports", index), asked, tree, receivers)
    reports = tuple(
        ReportRoute(id=own.id, cycles=tuple(map(Cycle, own.cycles)), area=own.area, receivers=own.receivers)
        for own in file.reports
    )
    return Ways(receivers, tuple(_route(entry) for entry in file.routes), file.inhibit, templates, reports)


def _fit(
    reading: Reading, document: Document, file: RoutesFile, templates: Mapping[str, Template]
) -> None:
    """Note what is wrong with templates, and receivers that name none there is."""
    for index, one in enumerate(file.receivers):
        if one.template:
            reading.known(document, ("receivers", index, "template"), "template", one.template, templates)
    for index, written in enumerate(file.templates):
        said = {(part, sentence): language for part, language, sentence in faults(templates[written.id])}
        for (part, sentence), language in said.items():
            whole: Path_ = ("templates", index, part)
            own: Path_ = (*whole, language)
            place = own if own in document.lines else whole
            reading.note(document, place, f"the template '{written.id}': {sentence}", "template")


def _check_report(
    reading: Reading, document: Document, where: Path_, entry: ReportEntry, tree: AreaTree | None,
    receivers: Mapping[str, Receiver],
) -> None:  # fmt: skip
    if tree is not None:
        reading.known(document, (*where, "area"), "area", entry.area, tree.areas)
    for index, receiver in enumerate(entry.receivers):
        reading.known(document, (*where, "receivers", index), "receiver", receiver, receivers)


def _receiver(
    reading: Reading, document: Document, where: Path_, entry: ReceiverEntry, channels: Mapping[str, Any],
    lease: timedelta,
) -> Receiver:  # fmt: skip
    found: list[Channel] = []
    for index, written in enumerate(entry.channels):
        place = (*where, "channels", index)
        if not reading.known(document, (*place, "kind"), "channel", written.kind, channels):
            continue
        model = channels[written.kind].Options
        options = reading.options(document, place, dict(written.model_extra or {}), model, "channel")
        name = written.name or written.kind
        if any(channel.name == name for channel in found):
            sentence = f"'{entry.id}' has a channel named '{name}' already; give this one another name"
            reading.note(document, place, sentence, "duplicate-channel")
        timeout = getattr(options, "timeout", timedelta())
        if timeout >= lease:
            said = f"timeout ({short(timeout)}) must be shorter than lease ({short(lease)})"
            reading.note(document, (*place, "timeout"), f"{said}: another would send it too", "impossible")
        if options is not None:
            found.append(Channel(kind=written.kind, options={**dict(options), "name": name}))
    if entry.rota and entry.channels:
        sentence = f"'{entry.id}' is a rota: its channels are those of who is on duty; take these out"
        reading.note(document, (*where, "channels"), sentence, "rota-channels")
    if entry.quiet is not None and entry.quiet[0] == entry.quiet[1]:
        sentence = f"'{entry.id}' would never hear of what is below orange; let the quiet hours end"
        reading.note(document, (*where, "quiet"), sentence, "impossible")
    for key in ("budget", "hourly"):
        if entry.digest and getattr(entry, key) is not None:
            sentence = f"'{entry.id}' gets what is below orange with its digests: the {key} says nothing"
            reading.note(document, (*where, key), sentence.replace("hourly", "hourly budget"), "impossible")
    if entry.budget is not None and entry.hourly is not None and entry.hourly >= entry.budget:
        sentence = f"'{entry.id}' has {entry.budget} a day: {entry.hourly} an hour says nothing; give less"
        reading.note(document, (*where, "hourly"), sentence, "impossible")
    if not entry.channels and not entry.rota:
        reading.note(document, where, f"'{entry.id}' has no channel and hears nothing", "mute", Level.WARNING)
    return Receiver(
        id=entry.id, title=entry.title, language=entry.language, channels=tuple(found),
        operator=entry.operator, rota=entry.rota or "", chain=entry.chain, territory=entry.territory,
        department=entry.department, template=entry.template or "", restraint=_restraint(entry),
    )  # fmt: skip


def _restraint(entry: ReceiverEntry) -> Restraint | None:
    found = Restraint(quiet=entry.quiet, digest=entry.digest, budget=entry.budget, hourly=entry.hourly)
    return None if found == Restraint() else found


def _check(
    reading: Reading, document: Document, where: Path_, entry: RouteEntry,
    tree: AreaTree | None, topics: Mapping[str, Topic] | None, receivers: Mapping[str, Receiver],
) -> None:  # fmt: skip
    for index, area in enumerate(entry.areas if tree is not None else ()):
        reading.known(document, (*where, "areas", index), "area", area, tree.areas if tree else ())
    for index, topic in enumerate(entry.topics if topics is not None else ()):
        if reading.known(document, (*where, "topics", index), "topic", topic, topics or ()):
            _meets(reading, document, (*where, "topics", index), entry, (topics or {})[topic])
    for index, receiver in enumerate(entry.receivers):
        reading.known(document, (*where, "receivers", index), "receiver", receiver, receivers)
    if not entry.receivers:
        sentence = f"the route '{entry.id}' leads to nobody; name a receiver or take it out"
        reading.note(document, where, sentence, "route-to-nobody")


def _meets(reading: Reading, document: Document, where: Path_, entry: RouteEntry, topic: Topic) -> None:
    if entry.domains and topic.domain not in entry.domains:
        sentence = f"'{topic.id}' belongs to {topic.domain}, which this route leaves out: it never matches"
        reading.note(document, where, sentence, "route-never-matches")


def _route(entry: RouteEntry) -> Route:
    return Route(
        id=entry.id,
        areas=entry.areas,
        domains=entry.domains,
        topics=entry.topics,
        grade=Grade.named(entry.grade),
        receivers=entry.receivers,
        asks=frozenset(map(Issuer, entry.asks)),
    )
