"""A rule file as somebody writes it: its mistakes and their mends, tests, words, what it would change.

What is kept lies beside the database and is live for nobody; a rule warns only once it is promoted.
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from engine import app
from engine.backtest import diff
from engine.backtest.diff import Diff
from engine.backtest.history import Span
from engine.console.scene import Scene
from engine.cycle.measuring import Measured, measured
from engine.cycle.trying import compared
from engine.errors import Busy, UsageError
from engine.guard.private import folder as private_folder
from engine.model.problem import Level, Problem
from engine.model.rule import Rule, RuleBook
from engine.rulebook import load
from engine.rulebook.context import Context
from engine.rulebook.language.edit import Edit, mended
from engine.rulebook.load import Loaded
from engine.rulebook.packs.filter import FILE
from engine.rulebook.trial.trial import Verdict, run
from engine.rulebook.watch import watched
from engine.rulebook.words.explain import explain

#: So many days a draft is tried on, beside today's version.
DAYS = 90
#: Where drafts are kept, below the root.
KEPT = Path("data", "drafts")
#: One at a time: whoever judges has the processor first.
_TRYING = threading.Lock()


@dataclass(frozen=True)
class Mistake:
    """A problem of the file, and the line as a certain mend makes it."""

    problem: Problem
    mend: Edit | None


@dataclass(frozen=True)
class Draft:
    """What a text amounts to. elsewhere: errors in other files, which it makes: in force there are none."""

    text: str
    mistakes: tuple[Mistake, ...]
    elsewhere: tuple[Problem, ...]
    verdicts: tuple[Verdict, ...] = ()
    said: str = ""

    @property
    def sound(self) -> bool:
        return bool(self.said)


def context(scene: Scene) -> Context:
    """What rules may refer to, today."""
    settings = scene.world.settings
    return app.context(settings, settings.calendar.local_day(scene.at))


def home(scene: Scene, rule: Rule) -> Path:
    """The rule's file, from the root. Raises UsageError for a rule of a pack, which stays as it came."""
    if rule.pack:
        raise UsageError(f"{rule.id} comes from the pack {rule.pack}: tune it in {FILE}, without editing it")
    return Path(rule.path).resolve().relative_to(scene.world.settings.root.resolve())


def text_of(scene: Scene, rule: Rule) -> str:
    """As it was kept last, or as it is in force."""
    kept, file = _kept(scene, rule).with_suffix(".yaml"), scene.world.settings.root / home(scene, rule)
    return (kept if kept.exists() else file).read_text(encoding="utf-8")


def check(scene: Scene, rule: Rule, text: str, language: str) -> Draft:
    """Held against every check, with all other rules as they are, and tested where it is sound."""
    around, file = context(scene), home(scene, rule)
    with _beside(scene, file, text) as (root, loaded):
        own = [one for one in loaded.problems if Path(one.path) == root / file]
        mistakes = tuple(Mistake(one, _mend(text, one)) for one in own)
        elsewhere = tuple(
            replace(one, path=_from(root, one.path))
            for one in loaded.problems if Path(one.path) != root / file and one.level is Level.ERROR
        )  # fmt: skip
        if loaded.book is None:
            return Draft(text, mistakes, elsewhere)
        ids = _ids(loaded.book, root / file)
        verdicts = run(loaded, around, calendar=scene.world.settings.calendar, rules=ids)
        shown = rule.id if rule.id in ids else next(iter(ids), "")
        said = explain(loaded.book.rules[shown], language, around) if shown else ""
        return Draft(text, mistakes, elsewhere, verdicts, said)


def attempt(scene: Scene, rule: Rule, text: str) -> Diff:
    """What the draft would have warned of in the last `DAYS` days beside what stands in the file now, both
    as if they were in force. Raises UsageError where it has mistakes, Busy while another is tried."""
    file = home(scene, rule)
    with _beside(scene, file, text) as (root, loaded):
        if loaded.book is None:
            raise UsageError("mend the mistakes first: what cannot be read cannot be tried")
        settings = scene.world.settings
        drafted = watched(loaded.book, settings.watches, settings.tree)
        new = diff.promoted(drafted, _ids(drafted, root / file))
    now = scene.world.book
    old = diff.promoted(now, _ids(now, Path(rule.path)))
    with _alone():
        return compared(scene.world, old, new, _span(scene))


def measure(scene: Scene, rule: Rule) -> Measured:
    """How the rule in force did in the last `DAYS` days, beside chance and the truth. Raises Busy while
    another is tried."""
    with _alone():
        return measured(scene.world, rule.id, _span(scene))


def _span(scene: Scene) -> Span:
    calendar = scene.world.settings.calendar
    last = calendar.local_day(scene.at) - timedelta(days=1)
    return Span(last - timedelta(days=DAYS - 1), last, calendar)


@contextmanager
def _alone() -> Iterator[None]:
    if not _TRYING.acquire(blocking=False):
        raise Busy("another rule is being tried; again in a moment")
    try:
        yield
    finally:
        _TRYING.release()


def keep(scene: Scene, rule: Rule, text: str) -> str:
    """Keep the text, and beside it what it changes as a patch for `git apply`; gives the patch's place."""
    target = _kept(scene, rule)
    private_folder(target.parent)
    target.with_suffix(".yaml").write_text(text, encoding="utf-8")
    target.with_suffix(".patch").write_text(patch(scene, rule, text), encoding="utf-8")
    return str(KEPT / f"{target.name}.patch")


def patch(scene: Scene, rule: Rule, text: str) -> str:
    """What the text changes in the file, as a unified diff from the root."""
    file = home(scene, rule)
    before = (scene.world.settings.root / file).read_text(encoding="utf-8")
    return "".join(difflib.unified_diff(_lines(before), _lines(text), f"a/{file}", f"b/{file}"))


def _lines(text: str) -> Sequence[str]:
    return (text if text.endswith("\n") or not text else text + "\n").splitlines(keepends=True)


def _kept(scene: Scene, rule: Rule) -> Path:
    # The file's name carries no word of whoever asks: ids are of letters, digits, dots and dashes.
    return scene.world.settings.root / KEPT / rule.id.replace(".", "-")


def _ids(book: RuleBook, file: Path) -> list[str]:
    return [one.id for one in book.rules.values() if Path(one.path) == file]


def _from(root: Path, path: str) -> str:
    """The path below the folder; what lies elsewhere, as a pack's rules do, as it is."""
    return str(Path(path).relative_to(root)) if Path(path).is_relative_to(root) else path


def _mend(text: str, problem: Problem) -> Edit | None:
    _, edits = mended(text, [problem])
    return edits[0] if len(edits) == 1 else None


@contextmanager
def _beside(scene: Scene, file: Path, text: str) -> Iterator[tuple[Path, Loaded]]:
    """All rules, with this text in the place of one file's, in a folder that does not last."""
    with load.exchanged(scene.world.settings.root / "rules", file.relative_to("rules"), text) as copy:
        yield copy.parent, load.read_whole(copy, context(scene))
