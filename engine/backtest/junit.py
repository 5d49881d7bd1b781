"""Verdicts as JUnit XML, for a pipeline that gates an edit of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from engine.backtest.expect import Verdict
from engine.backtest.run import Backtest
from engine.model.text import numbered


def as_junit(done: Backtest, verdicts: Sequence[Verdict]) -> str:
    """A test case for every expectation and every unexpected warning; without expectations, one for
    every rule, with its volume as output."""
    name = f"backtest {done.span.first} to {done.span.last}"
    broken = sum(not verdict.held for verdict in verdicts)
    total = len(verdicts) or len(done.assessment.rules)
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(
        suites, "testsuite", name=name, tests=str(total), failures=str(broken), errors="0", skipped="0"
    )
    for verdict in verdicts:
        case = ElementTree.SubElement(suite, "testcase", classname="backtest.expect", name=verdict.name)
        if not verdict.held:
            ElementTree.SubElement(case, "failure", message=verdict.said)
    if not verdicts:
        for row in done.assessment.rules:
            case = ElementTree.SubElement(suite, "testcase", classname="backtest.rule", name=str(row["rule"]))
            ElementTree.SubElement(case, "system-out").text = numbered(int(row["warnings"] or 0), "warning")
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)
