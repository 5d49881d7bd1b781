"""`forewarn cap`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import click

from engine import app
from engine.cli.problems import checked_format_option, show_problems
from engine.cycle.loops.outfit import Bare
from engine.cycle.loops.worker import Workers
from engine.errors import UsageError
from engine.logs import configured
from engine.model.period import duration
from engine.model.problem import Level, Problem
from engine.model.regular import regular
from engine.notify.cap.validate import markup, trust
from engine.notify.cap.validate.inspect import Follow, altogether, inspect
from engine.notify.cap.validate.profile import PROFILES

#: How files of messages and of indexes end.
_DOCUMENTS = frozenset({".xml", ".cap", ".atom"})

#: Bytes of memory that reading what others publish may take.
MEMORY = 2 << 30


@click.group()
def cap() -> None:
    """Warnings as other systems read and write them: CAP 1.2."""


@cap.command(epilog="Example: forewarn cap validate alert.xml --trust signer.pem")
@click.argument("source", metavar="FILE|FOLDER|URL")
@click.option("--trust", "certificates", multiple=True, type=click.Path(path_type=Path), metavar="CERTS",
              help="Certificates of signers you trust: PEM, DER, or a folder; may be repeated.")  # fmt: skip
@click.option(
    "--host", "hosts", multiple=True, help="A host besides the URL's own that its links may lead to."
)
@click.option("--within", default="5m", show_default=True,
              help="So long an address and all that it leads to may take.")  # fmt: skip
@click.option("--profile", type=click.Choice(sorted(PROFILES)),
              help="Hold messages against the rules of a profile too.")  # fmt: skip
@checked_format_option
def validate(
    source: str, certificates: Sequence[Path], hosts: Sequence[str], within: str, form: str,
    profile: str | None,
) -> None:  # fmt: skip
    """Everything wrong with a CAP message, with all of a folder, or with an index and what is behind it:
    form, sense, signature.

    The certificate inside a message proves nothing: only those that you name do. Exit 1 where there is an
    error or a warning.
    """
    trust.read(certificates)  # what is wrong with them is said before anybody is asked
    wanted = source, tuple(certificates), tuple(hosts), profile or ""
    problems, read = _apart(wanted, _length(within)) if "://" in source else _inspected(None, wanted)
    show_problems(problems, read, "message", form, "cap validate")
    if any(problem.level > Level.HINT for problem in problems):
        raise click.exceptions.Exit(1)


def _length(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(f"--within: {error}") from error


#: A source, the certificates that are trusted, the hosts that links may lead to, and a profile or none.
Wanted = tuple[str, tuple[Path, ...], tuple[str, ...], str]
Inspected = tuple[list[Problem], int]


def _apart(wanted: Wanted, within: timedelta) -> Inspected:
    """What lies at an address is fetched and read where nothing that it does can last or grow."""
    with closing(Workers(MEMORY)) as workers:
        return cast(
            Inspected, workers.ask(Bare(configured()), _inspected, wanted, within.total_seconds())
        )  # fmt: skip


def _inspected(world: Any, wanted: Wanted) -> Inspected:
    """All problems, and how many messages were read."""
    source, certificates, hosts, profile = wanted
    trusted, now = trust.read(certificates), datetime.now(UTC)
    if "://" not in source and Path(source).is_dir():
        reports, among = altogether(_folder(Path(source)), trusted, now, profile)
    else:
        name, content, follow = _address(source, hosts) if "://" in source else _file(Path(source))
        reports, among = inspect(name, content, follow, trusted, now, profile)
    problems = _ordered([*(one for report in reports for one in report.problems), *among])
    return problems, sum(len(report.alerts) for report in reports)


def _ordered(problems: Sequence[Problem]) -> list[Problem]:
    """Document by document, in the order in which they were read, and by line."""
    order = {path: place for place, path in enumerate(dict.fromkeys(one.path for one in problems))}
    return sorted(problems, key=lambda one: (order[one.path], one.line, -one.level))


def _address(url: str, hosts: Sequence[str]) -> tuple[str, bytes, Follow]:
    def follow(address: str) -> tuple[str, bytes]:
        return address, app.answer(address, url, hosts)

    return url, app.answer(url, url, hosts), follow


def _file(path: Path) -> tuple[str, bytes, Follow]:
    """A file; what its entries lead to is looked for beside it, by its name."""

    def follow(address: str) -> tuple[str, bytes] | None:
        beside = path.parent / Path(unquote(urlsplit(address).path)).name
        return (str(beside), _content(beside)) if beside != path and beside.is_file() else None

    return str(path), _content(path), follow


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every message and index in a folder, by name."""
    found = sorted(one for one in path.iterdir() if one.suffix.lower() in _DOCUMENTS and one.is_file())
    if not found:
        raise UsageError(f"{path} holds no CAP message: no file ends in {' or '.join(sorted(_DOCUMENTS))}")
    for one in found:
        yield str(one), _content(one)


def _content(path: Path) -> bytes:
    try:
        with regular(path).open("rb") as file:
            return file.read(markup.LARGEST + 1)  # one byte more is refused, however much follows
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
