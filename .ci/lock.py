"""Renews `requirements.lock`, and `.ci/build.lock` as a part of it; `make lock` runs it.

What is locked is preferred: what can stay stays, and a second run changes nothing. `--upgrade` takes the
newest of everything.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import registry

_FORM = (
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-build-isolation",
    "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet",
)  # fmt: skip


def lock(arguments: list[str]) -> None:
    """Resolves everything that `pyproject.toml` asks for; `arguments` go to uv."""
    python = Path(sys.executable)
    registry.adopt(python, os.environ.get("INDEX", ""))
    command = (python.parent / "uv", "pip", "compile", *_FORM)
    registry.call(
        "locking", *command, *arguments, "--all-extras", "--group", "build",
        "--output-file", "requirements.lock", "pyproject.toml",
    )  # fmt: skip
    registry.call(
        "locking what builds", *command, "--constraints", "requirements.lock",
        "--group", "pyproject.toml:build", "--output-file", ".ci/build.lock",
    )  # fmt: skip


if __name__ == "__main__":
    lock(sys.argv[1:])
