"""The small files: cycles, grades, scoring, privacy and engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, model_validator

from engine.cycle.config.console import Console
from engine.cycle.config.provider import Provider
from engine.cycle.config.reading import Reading
from engine.cycle.config.written import (
    VARIABLE,
    Bilingual,
    Duration,
    GradeWord,
    Name,
    Pattern,
    Strict,
    short,
)
from engine.duty.authority import SOON, Authority, Unanswered
from engine.model.address import plain_proxy
from engine.model.grade import Domain, Grade
from engine.model.network import Network, network
from engine.model.text import Text
from engine.model.warning import Issuer
from engine.notify.mailbox import Mailbox
from engine.notify.sign import DeadMan
from engine.yamlfile import Document


class Cycles(Strict):
    """config/cycles.yaml: how long to wait for reports, and when something is late, dead or stale."""

    wait: Duration = timedelta(hours=8)
    grace: Duration = timedelta(hours=1)
    lease: Duration = timedelta(minutes=10)
    catch_up: Duration = timedelta(days=90)
    stale_after: Duration = timedelta(days=28)
    tick: Duration = timedelta(seconds=30)

    def impossible(self) -> Iterator[tuple[str, str]]:
        """What can each be right and together cannot work: the key, and a sentence."""
        for key, longer, why in (
            ("lease", "tick", "a process that lives would be taken for dead"),
            ("grace", "tick", "every run would be late"),
            ("catch_up", "tick", "what falls due between two looks would be given up"),
            ("catch_up", "lease", "what a dead process was at would be given up"),
        ):
            mine, other = getattr(self, key), getattr(self, longer)
            if mine <= other:
                yield key, f"{key} ({short(mine)}) must be longer than {longer} ({short(other)}): {why}"


def _telling(pattern: str) -> str:
    if re.compile(pattern).search(""):
        raise ValueError("this matches where there is nothing, and would mask everywhere")
    return pattern


Masked = Annotated[Pattern, AfterValidator(_telling)]


class Privacy(Strict):
    """config/privacy.yaml: what the privacy guard drops and masks beyond what is built in."""

    name_fields: tuple[str, ...] = ()
    plates: tuple[Masked, ...] = ()
    patterns: dict[Name, Masked] = Field(default_factory=dict)


#: Nobody guesses so many signs.
_SECRET = 16


def _unguessable(secret: SecretStr) -> SecretStr:
    """Long enough; a name that stands for it is not yet the secret."""
    text = secret.get_secret_value()
    if not VARIABLE.fullmatch(text) and len(text) < _SECRET:
        raise ValueError(f"a secret has at least {_SECRET} signs, this one {len(text)}")
    return secret


class Public(Strict):
    """Where whoever has no account answers: the address that links begin with, what signs them, and where the
    service listens for it."""

    address: AnyHttpUrl
    secret: Annotated[SecretStr, AfterValidator(_unguessable)]
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8720
    #: Where replies to e-mails come to; none are read where it is left out.
    mailbox: Mailbox | None = None


Percent = Annotated[float, Field(ge=0, le=100)]


class Gates(Strict):
    """What a rule has to show before it is promoted from trial, unless somebody says why not."""

    #: From the first judgement of its trial to the last, as it reads now; none: any trial will do.
    min_trial: Duration | None = timedelta(days=28)
    #: Of what its tests should exercise (`forewarn rules coverage`).
    coverage: Percent = 100
    #: Of its mutants its tests must notice (`forewarn rules mutate`).
    mutation: Percent = 90


class Engine(Strict):
    """config/engine.yaml: where the store is, and how much of the machine to use."""

    database: str = Field(default="sqlite:///data/forewarn.db", repr=False)
    log: Literal["debug", "info", "warning", "error"] = "info"
    workers: Annotated[int, Field(ge=1, le=256)] = 2
    inference_timeout: Duration = timedelta(seconds=10)
    #: One poll of a feed, from the first name looked up to the last record stored, takes no longer.
    poll_timeout: Duration = timedelta(minutes=10)
    #: Nor does handing one message to one receiver.
    deliver_timeout: Duration = timedelta(minutes=1)
    #: Nor does taking in what sources push at once.
    push_timeout: Duration = timedelta(seconds=30)
    #: What one of them may take of the machine's memory, by its address space.
    memory_mb: Annotated[int, Field(ge=1024, le=1_000_000)] = 4096
    #: Less room where the database lies is a fault.
    disk_mb: Annotated[int, Field(ge=0, le=10_000_000)] = 1024
    #: A service that is told to stop has stopped by then, whatever hangs.
    stop_within: Duration = timedelta(seconds=20)
    #: Where a sign of life goes; none without it.
    dead_man: DeadMan | None = None
    #: The operator's own networks: names of feeds may lead into them.
    networks: tuple[Annotated[Network, BeforeValidator(network)], ...] = ()
    #: The proxy that feeds are asked over.
    proxy: Annotated[str, AfterValidator(plain_proxy)] = Field(default="", repr=False)
    promotion: Gates = Gates()
    #: The console that the service shows; None: none.
    console: Console | None = None
    #: The page for answers without an account; none where it is left out.
    public: Public | None = None

    @property
    def provider(self) -> Provider | None:
        """Where people may be signed in already; None: they sign in here alone."""
        return self.console.provider if self.console else None


Points = Annotated[float, Field(gt=0, lt=100)]


class PointsEntry(Strict):
    """What a standing finding of each grade adds to a score; more for each higher grade."""

    blue: Points = 10
    yellow: Points = 25
    orange: Points = 50
    red: Points = 80

    @model_validator(mode="after")
    def _rising(self) -> PointsEntry:
        if not self.blue < self.yellow < self.orange < self.red:
            raise ValueError("points rise from blue to red, each grade's more than the one's before")
        return self


class ScoringFile(Strict):
    """config/scoring.yaml as a whole."""

    points: PointsEntry = PointsEntry()


class Appearance(Strict):
    """How one grade is named and shown."""

    label: Bilingual
    level: Bilingual
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


def _look(en: str, zh: str, roman: str, level: str, colour: str) -> Appearance:
    return Appearance(label=Bilingual(en=en, zh=zh), level=Bilingual(en=roman, zh=level), colour=colour)


#: The names, levels and colours of the national scheme.
SHOWN: Mapping[GradeWord, Appearance] = {
    "blue": _look("Blue", "蓝色", "IV", "Ⅳ级（一般）", "#399cc7"),
    "yellow": _look("Yellow", "黄色", "III", "Ⅲ级（较重）", "#f4cf00"),
    "orange": _look("Orange", "橙色", "II", "Ⅱ级（严重）", "#f08c11"),
    "red": _look("Red", "红色", "I", "Ⅰ级（特别严重）", "#d42d41"),
}


class UnansweredEntry(Strict):
    """When a proposal counts as unanswered, and what happens then."""

    after: Duration
    then: Literal["issue", "wait"]

    @property
    def unanswered(self) -> Unanswered:
        return Unanswered(self.after, self.then == "issue")


class GradesFile(Strict):
    """config/grades.yaml: how grades look, and who issues a warning of each."""

    grades: dict[GradeWord, Appearance] = Field(default_factory=dict)
    issues: dict[Domain, dict[GradeWord, Literal["itself", "duty", "leader", "two"]]] = Field(
        default_factory=dict
    )
    unanswered: dict[GradeWord | Literal["immediate"], UnansweredEntry] = Field(default_factory=dict)


@dataclass(frozen=True)
class Grades:
    """The grades as people see them."""

    labels: Mapping[Grade, Text]
    levels: Mapping[Grade, Text]
    colours: Mapping[Grade, str]
    #: Who issues a warning, and what happens when nobody answers.
    authority: Authority


def load_cycles(reading: Reading) -> Cycles:
    read = reading.file("cycles.yaml", Cycles, required=False)
    if read is None:
        return Cycles()
    document, cycles = read
    for key, sentence in cycles.impossible():
        reading.note(document, (key,), sentence, "impossible")
    return cycles


def load_privacy(reading: Reading) -> Privacy:
    read = reading.file("privacy.yaml", Privacy, required=False)
    return read[1] if read else Privacy()


def load_engine(reading: Reading) -> Engine:
    """The engine's settings, the database's secrets taken from the environment."""
    read = reading.file("engine.yaml", Engine, required=False)
    if read is None:
        return Engine()
    document, file = read
    found = reading.options(document, (), document.data, Engine, "engine")
    _below(reading, document, found)
    return found or file


def load_database(reading: Reading) -> str:
    """Where the store is, whatever else engine.yaml says."""
    read = reading.part("engine.yaml", "database")
    if read is None:
        return Engine().database
    found = reading.options(read, (), read.data, Engine, "engine")
    _below(reading, read, found)
    return found.database if found else ""


def _below(reading: Reading, document: Document, engine: Engine | None) -> None:
    """Note a database that is named from the root folder and lies outside it."""
    path = engine.database.removeprefix("sqlite:///") if engine else ""
    if engine and path != engine.database and not path.startswith("/"):
        reading.inside(document, ("database",), Path(path))


def load_scoring(reading: Reading) -> Mapping[Grade, float]:
    """Points by grade."""
    read = reading.file("scoring.yaml", ScoringFile, required=False)
    file = read[1] if read else ScoringFile()
    return {Grade.named(word): points for word, points in file.points}


def load_grades(reading: Reading) -> Grades:
    read = reading.file("grades.yaml", GradesFile, required=False)
    file = read[1] if read else GradesFile()
    shown = {Grade.named(word): look for word, look in {**SHOWN, **file.grades}.items()}
    return Grades(
        labels={grade: look.label.text for grade, look in shown.items()},
        levels={grade: look.level.text for grade, look in shown.items()},
        colours={grade: look.colour for grade, look in shown.items()},
        authority=_authority(file),
    )


def _authority(file: GradesFile) -> Authority:
    answers = {word: entry.unanswered for word, entry in file.unanswered.items()}
    immediate = answers.pop("immediate", SOON)
    return Authority(
        issuers={
            (domain, Grade.named(word)): Issuer(issuer)
            for domain, issues in file.issues.items() for word, issuer in issues.items()
        },
        unanswered={Grade.named(word): answer for word, answer in answers.items()}, immediate=immediate,
    )  # fmt: skip
