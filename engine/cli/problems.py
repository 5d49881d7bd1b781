"""Mistakes and verdicts in five forms: for people, for programs, and for two kinds of pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

import click

from engine.cli.language import chinese, read, say
from engine.cli.listing import show
from engine.model.letters import seen
from engine.model.problem import Level, Problem
from engine.rulebook.language.edit import Edit
from engine.rulebook.trial.trial import Verdict

checked_format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "junit", "github"]), default="text",
    help="Text, one JSON array of flat objects, CSV, JUnit XML, or annotations of GitHub Actions.",
)  # fmt: skip

_PROBLEM = ("path", "line", "level", "sentence", "name")
_VERDICT = ("path", "line", "rule", "name", "passed", "why")
#: What GitHub calls the levels.
_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.HINT: "notice"}


def show_edits(edits: Iterable[Edit]) -> None:
    """Each line that was mended, as it was and as it is."""
    for edit in edits:
        click.echo(say("{where}: mended", where=f"{edit.path}:{edit.line}"))
        click.echo(f"    - {edit.before.strip()}")
        for line in edit.after.splitlines():
            click.echo(f"    + {line.strip()}")


#: What is said of how much was read, by what it was.
_READ = {
    what: f"{{n}} {{n:{what}|{what}s}} read, {{errors}} {{errors:error|errors}}, "
    "{others} {others:warning or hint|warnings and hints}" for what in ("rule", "plan", "message")
}  # fmt: skip


def show_problems(problems: Sequence[Problem], number: int, what: str, form: str, command: str) -> None:
    """The mistakes in what the command read: so many rules, plans or messages."""
    if form == "text":
        for problem in problems:
            click.echo(told(problem))
        errors = sum(problem.level is Level.ERROR for problem in problems)
        others = len(problems) - errors
        click.echo(say(_READ[what], n=number, errors=errors, others=others))
    elif form == "junit":
        click.echo(_junit(command, [_problem_case(problem) for problem in problems]))
    elif form == "github":
        for one in problems:
            click.echo(_annotation(_COMMANDS[one.level], one.path, one.line, one.name, one.sentence))
    else:
        show([{key: getattr(one, key) for key in _PROBLEM} for one in problems], _PROBLEM, form)


def show_verdicts(verdicts: Sequence[Verdict], form: str) -> None:
    """How the tests came out."""
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if form == "text":
        for verdict in failed:
            click.echo(f"{verdict.path}:{verdict.line}: {verdict.rule}: {verdict.name}")
            for line in _lines(verdict):
                click.echo(f"    {line}")
        click.echo(say("{n} passed, {m} failed", n=len(verdicts) - len(failed), m=len(failed)))
    elif form == "junit":
        click.echo(_junit("rules test", [_verdict_case(verdict) for verdict in verdicts]))
    elif form == "github":
        for one in failed:
            said = "\n".join((f"{one.rule}: {one.name}", *one.why))
            click.echo(_annotation("error", one.path, one.line, "rule test", said))
    else:
        rows = [{key: getattr(one, key) for key in _VERDICT} for one in verdicts]
        show([row | {"why": "; ".join(row["why"])} for row in rows], _VERDICT, form)


def _lines(verdict: Verdict) -> Sequence[str]:
    """Why it failed, in the reader's language."""
    if not chinese():
        return verdict.why
    # Whoever reads English need not wait for the words.
    from engine.cli.verdicts import line

    return [line(one) for one in verdict.why]


def told(problem: Problem) -> str:
    """A mistake in the reader's language: what its check finds, and what to do about it."""
    if not chinese():
        return str(problem)
    from engine.rulebook.words.mistakes import in_chinese

    level = {Level.ERROR: "错误", Level.WARNING: "警告", Level.HINT: "提示"}[problem.level]
    said = in_chinese(problem) or read(problem.sentence)
    return f"{problem.path}:{problem.line}: [{level}] {seen(said)} ({problem.name})"


def _annotation(command: str, path: str, line: int, title: str, text: str) -> str:
    """A workflow command; what would end it or one of its properties is escaped."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = path.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{command} file={path},line={line},title={title}::{text}"


def _problem_case(problem: Problem) -> ElementTree.Element:
    """Only errors fail: a warning or a hint is told and passes."""
    case = ElementTree.Element(
        "testcase", classname=problem.path, name=f"{problem.name} line {problem.line}",
        file=problem.path, line=str(problem.line),
    )  # fmt: skip
    if problem.level is Level.ERROR:
        failure = ElementTree.SubElement(case, "failure", type=problem.name, message=problem.sentence)
        failure.text = str(problem)
    else:
        ElementTree.SubElement(case, "system-out").text = str(problem)
    return case


def _verdict_case(verdict: Verdict) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase", classname=verdict.rule, name=verdict.name, file=verdict.path, line=str(verdict.line)
    )
    if not verdict.passed:
        failure = ElementTree.SubElement(case, "failure", message=verdict.why[0])
        failure.text = "\n".join(verdict.why)
    return case


def _junit(name: str, cases: Sequence[ElementTree.Element]) -> str:
    failures = sum(case.find("failure") is not None for case in cases)
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(
        suites, "testsuite", name=name, tests=str(len(cases)), failures=str(failures), errors="0", skipped="0"
    )
    suite.extend(cases)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)
