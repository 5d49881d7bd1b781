"""The real sets: whose configuration, which days, and what makes a folder that forewarn can be run in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.evaluate.kit import SHARED, SYRIA

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, kw_only=True)
class Set:
    """One set. base: the folder whose config/ it begins with; first, last: the days lived through."""

    name: str
    title: str
    base: Path
    first: date
    last: date
    #: Lays the raw file into the folder, with what goes with it; false where that is not at hand.
    prepare: Callable[[Path], bool]

    def settle(self, root: Path) -> bool:
        """Make `root` a folder with the packs alone for rules; false where the raw file is not at hand."""
        shutil.copytree(self.base / "config", root / "config")
        shutil.copytree(HERE / self.name / "config", root / "config", dirs_exist_ok=True)
        # Watch periods and tests of routes are of the centre's own rules.
        (root / "config" / "routes.test.yaml").unlink(missing_ok=True)
        (root / "rules").mkdir()
        (root / "data").mkdir(mode=0o700)
        return self.prepare(root)


def _bundled(root: Path) -> bool:
    return True


def _syria(root: Path) -> bool:
    raw = SYRIA.source(SHARED)
    if not raw.is_file():
        return False
    (root / "data" / raw.name).symlink_to(raw.resolve())
    SYRIA.prepare(raw, root)
    return True


SETS = {one.name: one for one in (
    Set(name="sweden", title="Swedish police events, and the catalogue of exploited vulnerabilities",
        base=ROOT, first=date(2025, 1, 1), last=date(2025, 12, 31), prepare=_bundled),
    Set(name="syria", title="Deadly armed violence in Syria (UCDP GED)", base=SYRIA.folder,
        first=date(2017, 1, 9), last=date(2019, 11, 24), prepare=_syria),
)}  # fmt: skip
