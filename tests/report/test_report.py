"""A report's numbers are the store's, as they were known then; and it says the same in every form."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import html

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.reporting.gather import figures
from engine.cycle.world import World
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.report import exchange, page
from engine.report.document import Prose, Report, Table
from engine.report.figures import rank
from engine.report.word.document import docx
from engine.store import judgement
from engine.store import known as stored
from tests.report.conftest import last
from tests.story import county

LANGUAGES = ("en", "zh")


def test_what_stands_is_what_the_store_has(world: World, daily: Report):
    with world.store.read() as tx:
        open_ = judgement.warnings(tx, open_only=True)
    told = {one.id: one.grade for one in daily.figures.standing}
    assert told == {one.id: one.grade.word for one in open_ if one.since <= daily.figures.at}
    assert [rank(one.grade) for one in daily.figures.standing] == sorted(
        (rank(one.grade) for one in daily.figures.standing), reverse=True
    )


def test_every_change_in_between_is_told(world: World, weekly: Report):
    of = weekly.figures
    with world.store.read() as tx:
        steps = [one for one in judgement.changes(tx) if of.begins < one.at <= of.at]
    moved = {one.warning for one in steps if one.before != one.after}
    assert moved <= {one.id for one in of.lines}
    assert sum(one.issued for one in of.domains) == sum(one.step.value == "issued" for one in steps)


def test_reports_are_counted_as_known_then(world: World, weekly: Report):
    of = weekly.figures
    (domain,) = (one for one in of.domains if one.reports is not None)
    rows, known = county.log(1), {}
    for row in sorted(rows, key=lambda row: row["known"]):
        if row["known"] < of.at.isoformat():
            known[row["id"]] = row
    own = [row for row in known.values() if of.first.isoformat() <= row["at"][:10] <= of.last.isoformat()]
    assert domain.reports is not None and domain.reports.now == len(own) == sum(filter(None, domain.days))
    with world.store.read() as tx:
        kinds = {"property.burglary", "violence.explosion"}
        told = stored.tallied(tx, kinds, (county.FIRST, county.END), of.at)
        assert sum(many for *_, many in told) == len(known)


def test_a_report_made_later_says_what_it_said_then(tmp_path: Path, world: World):
    """Nothing that became known, was judged or done afterwards is in it."""
    root = county.build(tmp_path)
    moment = county.FIRST + timedelta(days=5, hours=8)
    with app.world(root, clock=lambda: moment) as found:
        early = replace(found, relived=True)
        running.prepare(early, county.FIRST)
        for feed in early.settings.feeds.values():
            collect.poll(early, feed)
        running.tick(early)
        period = early.settings.calendar.last_due(Cycle.DAILY, moment)
        then, later = (figures(one, period, "C") for one in (early, world))
    # Of the log as it lies there, the early one refuses what is dated later.
    assert replace(then, blind=()) == replace(later, blind=())


def test_what_was_published_ahead_is_what_is_looked_back_on(world: World, daily: Report):
    before = world.settings.calendar.period(Cycle.DAILY, daily.figures.first - timedelta(days=1))
    published = {one.id for one in figures(world, before, "C").standing if one.grade == "blue"}
    assert {one.id for one in daily.figures.watch} == published


def test_a_part_of_the_tree_has_its_own(world: World):
    part = figures(world, last(world, Cycle.WEEKLY), "T1")
    assert part.area == "T1" and {one.area for one in part.lines} <= {"T1"}


@pytest.mark.parametrize("name", ["daily", "weekly", "monthly"])
def test_json_is_read_back_and_fits_its_schema(name: str, request: pytest.FixtureRequest):
    report = request.getfixturevalue(name)
    text = exchange.dump(report)
    assert exchange.load(text) == report
    jsonschema.validate(json.loads(text), exchange.schema())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["daily", "weekly", "monthly"])
def test_a_page_loads_and_runs_nothing(name: str, language: str, request: pytest.FixtureRequest):
    made = page.html(request.getfixturevalue(name), language)
    tree = html.fromstring(made)
    assert not tree.xpath("//script | //link | //img | //*[@style] | //*[@onclick]")
    style = tree.xpath("string(//style)")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in tree.xpath("string(//meta[@http-equiv]/@content)")
    assert tree.xpath("count(//h1)") == 1 and tree.xpath("count(//h2)") == 6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["daily", "weekly", "monthly"])
def test_every_form_says_every_sentence(name: str, language: str, request: pytest.FixtureRequest):
    report: Report = request.getfixturevalue(name)
    shown = _plain(html.fromstring(page.html(report, language)).text_content())
    written = Document(io.BytesIO(docx(report, language)))
    paragraphs = [one.text for one in written.element.body.iter(qn("w:p")) for one in [_Paragraph(one)]]
    document = _plain(" ".join(paragraphs))
    for said in _sentences(report, language):
        assert _plain(said) in shown and _plain(said) in document, said


class _Paragraph:
    def __init__(self, element) -> None:  # type: ignore[no-untyped-def]
        self.text = "".join(one.text or " " for one in element.iter(qn("w:t"), qn("w:br")))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _sentences(report: Report, language: str) -> list[str]:
    found = [report.lead.say(language), report.title.say(language)]
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Prose):
                found.append(block.said.say(language))
            elif isinstance(block, Table):
                found += [cell.said.say(language) for row in block.rows for cell in row]
    return found


def test_a_document_has_headings_captions_and_fonts_for_both_scripts(weekly: Report):
    written = Document(io.BytesIO(docx(weekly, "zh")))
    headings = [one.text for one in written.paragraphs if one.style.name == "Heading 1"]
    assert headings[0] == "一、总体态势" and headings[-1].startswith("附件：")
    assert any(one.style.name == "Caption" and one.text.startswith("表1") for one in written.paragraphs)
    fonts = written.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "FangSong" and fonts.get(qn("w:asciiTheme")) is None
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in written.tables)
    assert "PAGE" in "".join(
        one.text or "" for one in written.sections[0].footer._element.iter(qn("w:instrText"))
    )


def test_no_text_is_in_one_language_alone(daily: Report, weekly: Report, monthly: Report):
    for report in (daily, weekly, monthly):
        for section in report.sections:
            assert section.title.zh
            for block in section.blocks:
                if isinstance(block, Prose):
                    assert block.said.zh and "{" not in block.said.en + block.said.zh


def test_domains_keep_their_order_and_no_area_is_ranked(monthly: Report):
    assert [one.domain for one in monthly.figures.domains] == [
        "political",
        "social-stability",
        "public-safety",
        "cyber",
    ]
    spots = [one.area for one in monthly.figures.spots]
    assert spots == sorted(spots)
    assert Grade.named(monthly.figures.domains[2].grade) == max(
        (Grade.named(one.grade) for one in monthly.figures.lines if one.domain == "public-safety"),
        default=Grade.NONE,
    )
