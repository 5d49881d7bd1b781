"""Sets the virtual environment up: exactly what is locked, and nothing is resolved; `make setup` runs it.

Called as `install.py STAMP`: the stamp lies in the virtual environment and says that it is complete. One
without a stamp was begun and not ended: it is made anew, from what was fetched already.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import registry


def install(stamp: Path) -> None:
    """Makes the virtual environment that `stamp` lies in hold what `requirements.lock` says."""
    venv = stamp.parent
    done = sorted(venv.glob(".ready-*"))
    if not done or not _sound(venv / "bin" / "python"):
        _create(venv)
        done = []
    aside = {old: old.rename(venv / f".was{old.name}") for old in done}
    try:
        _fill(venv)
    except SystemExit:
        # pip and uv fetch and build everything before they install: what was complete still is.
        for old, kept in aside.items():
            kept.rename(old)
        raise
    for kept in aside.values():
        kept.unlink()
    stamp.touch()


def _fill(venv: Path) -> None:
    python, uv = venv / "bin" / "python", venv / "bin" / "uv"
    wheels = os.environ.get("WHEELS", "")
    registry.adopt(python, os.environ.get("INDEX", ""), wheels)
    apart = ("--no-index",) if wheels else ()
    there = ("--quiet", "--python", python, "--no-build-isolation", *apart)
    # What builds comes first: an environment of its own would be filled with whatever is newest.
    registry.call(
        "installing what builds",
        python, "-m", "pip", "install", "-qq", "--no-deps", "--require-hashes", "-r", ".ci/build.lock",
    )  # fmt: skip
    registry.call(
        "installing what is locked", uv, "pip", "sync", *there, "--require-hashes", "requirements.lock"
    )
    registry.call("installing forewarn", uv, "pip", "install", *there, "--no-deps", "--editable", ".")


def _sound(python: Path) -> bool:
    """Whether the interpreter is there and has pip: what it was made from may be gone, or uv made it."""
    try:
        asked = subprocess.run([python, "-I", "-c", "import pip"], capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


def _create(venv: Path) -> None:
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
        sys.exit(f"forewarn: {venv} is there and no virtual environment: name another, make VENV=FOLDER")
    print(f"forewarn: setting up {venv} with Python {sys.version.split()[0]}", flush=True)
    made = subprocess.run(
        [sys.executable, "-E", "-s", "-m", "venv", "--clear", venv],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if made.returncode:
        sys.exit(f"forewarn: {venv} cannot be made: {made.stdout.strip()}")


if __name__ == "__main__":
    try:
        install(Path(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit("\nforewarn: the set-up was interrupted; run it again to go on")
