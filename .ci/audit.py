"""Holds what is locked against the advisories of OSV; `make audit` runs it.

Without an argument they are asked for at osv.dev (or at `OSV_API`); with one they are read from it. What
could not be checked is never said to be well.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
import zipfile
from pathlib import Path

import advisory
import locked
from advisory import NotAdvisories

EXPORT = "https://storage.googleapis.com/osv-vulnerabilities/PyPI/all.zip"


def from_file(source: Path, packages: list[locked.Locked]) -> tuple[list[str], int]:
    """A line for each advisory that concerns a package; and how many advisories on PyPI were looked at."""
    lines, count = [], 0
    for record in advisory.read(source):
        count += bool(advisory.entries(record))
        lines += [advisory.line(record, each) for each in packages if advisory.concerns(record, each)]
    if not count:
        raise NotAdvisories("it holds no advisory on a package of PyPI")
    return lines, count


def from_service(api: str, packages: list[locked.Locked]) -> list[str]:
    """A line for each advisory that the service knows of; raises OSError, or NotAdvisories."""
    found: list[tuple[locked.Locked, str]] = []
    asked = [(package, "") for package in packages]
    while asked:
        queries = [
            {"package": {"ecosystem": "PyPI", "name": package.name}, "version": package.version}
            | ({"page_token": page} if page else {})
            for package, page in asked
        ]
        answers = _ask(f"{api}/querybatch", {"queries": queries}).get("results")
        if not isinstance(answers, list) or len(answers) != len(queries):
            raise NotAdvisories("it did not answer each question")
        pairs = [(package, answer) for (package, _), answer in zip(asked, answers, strict=True)]
        found += [(package, each["id"]) for package, answer in pairs for each in answer.get("vulns", [])]
        asked = [(package, page) for package, answer in pairs if (page := answer.get("next_page_token"))]
    return [advisory.line(_ask(f"{api}/vulns/{name}"), package) for package, name in found]


def _ask(address: str, question: advisory.Record | None = None) -> advisory.Record:
    body = None if question is None else json.dumps(question).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        try:
            told = json.load(answer)
        except ValueError:
            raise NotAdvisories("it answered something that is no JSON") from None
    if not isinstance(told, dict):
        raise NotAdvisories("it answered something else than advisories")
    return told


def audit(lock: Path, source: str) -> None:
    """Prints a line for each advisory that concerns the lock; ends with exit code 1 where there is one."""
    packages = locked.read(lock)
    api = os.environ.get("OSV_API", "https://api.osv.dev/v1")
    try:
        if source:
            lines, count = from_file(Path(source), packages)
        else:
            lines, count = from_service(api, packages), 0
    except (OSError, NotAdvisories, zipfile.BadZipFile) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "reason", error)
        if source:
            sys.exit(f"forewarn: the lock was not checked: {source}: {reason}")
        print(
            f"forewarn: the lock was not checked: {api} cannot be asked ({reason}); "
            f"fetch {EXPORT} where you can, and: make audit ADVISORIES=all.zip"
        )
        return
    against = f"{source}, advisories on PyPI: {count}" if source else api
    total = f"locked packages: {len(packages)}; held against {against}; known faults: {len(lines)}"
    print(*lines, total, sep="\n")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    audit(Path("requirements.lock"), "".join(sys.argv[1:2]))
