"""`forewarn cap`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from engine import app
from engine.cli.problems import checked_format_option, show_problems
from engine.errors import UsageError
from engine.model.problem import Level, Problem
from engine.notify.cap.validate import trust
from engine.notify.cap.validate.inspect import Follow, inspect


@click.group()
def cap() -> None:
    """Warnings as other systems read and write them: CAP 1.2."""


@cap.command(epilog="Example: forewarn cap validate alert.xml --trust signer.pem")
@click.argument("source", metavar="FILE|URL")
@click.option("--trust", "certificates", multiple=True, type=click.Path(path_type=Path), metavar="CERTS",
              help="Certificates of signers you trust: PEM, DER, or a folder; may be repeated.")  # fmt: skip
@click.option(
    "--host", "hosts", multiple=True, help="A host besides the URL's own that its links may lead to."
)
@checked_format_option
def validate(source: str, certificates: Sequence[Path], hosts: Sequence[str], form: str) -> None:
    """Everything wrong with a CAP message, or with an index and what is behind it: form, sense, signature.

    The certificate inside a message proves nothing: only those that you name do. Exit 1 where there is an
    error or a warning.
    """
    trusted = trust.read(certificates)
    name, content, follow = _address(source, hosts) if "://" in source else _file(Path(source))
    reports, among = inspect(name, content, follow, trusted, datetime.now(UTC))
    problems = _ordered([*(one for report in reports for one in report.problems), *among])
    read = sum(len(report.alerts) for report in reports)
    show_problems(problems, "1 message" if read == 1 else f"{read} messages", form, "cap validate")
    if any(problem.level > Level.HINT for problem in problems):
        raise click.exceptions.Exit(1)


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


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
