"""An edition of the rules: a root folder, one of rules, a file, or a git revision of the root's own rules."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from engine import app
from engine.cli.place import Place
from engine.errors import ConfigError, UsageError
from engine.model.rule import RuleBook
from engine.rulebook import load
from engine.rulebook.context import Context


def book_of(place: Place, name: str, context: Context) -> RuleBook:
    """The rules of a folder or file, of a root folder with its packs, of `.` (the root as it is now), or of a
    git revision.

    Raises UsageError where it is neither, ConfigError where its rules hold a mistake.
    """
    if name == ".":
        return load.whole(place.root / "rules", context)
    if (Path(name) / "config").is_dir():
        taken = app.settings(Path(name)).packs
        return load.whole(Path(name) / "rules", replace(context, packs=taken))
    if Path(name).exists():
        return load.load(Path(name), context)
    with _exported(place.root, name) as folder:
        try:
            return load.whole(folder / "rules", context)
        except ConfigError as error:
            named = [replace(one, path=_named(one.path, folder, name)) for one in error.problems]
            raise ConfigError(named) from error


def _named(path: str, folder: Path, revision: str) -> str:
    """A path of the revision; what lies elsewhere, as a pack's rules do, as it is."""
    return f"{revision}:{Path(path).relative_to(folder)}" if Path(path).is_relative_to(folder) else path


@contextmanager
def _exported(root: Path, revision: str) -> Iterator[Path]:
    """rules/ of the root as it was at a revision, in a folder that does not last."""
    command = ["git", "-C", str(root), "archive", "--format=tar", revision, "--", "rules"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError(f"'{revision}' is no folder, and git is not installed to look it up") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(
            f"'{revision}' is neither a folder nor a git revision of {root}: {said[-1] if said else ''}"
        )
    with TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
        yield Path(folder)
