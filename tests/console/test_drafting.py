"""Writing a rule: what is wrong and how to mend it, its tests and words, what it would change; never live."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from engine.console import drafting, scene
from engine.console.scene import Scene
from engine.cycle.world import World
from engine.errors import Busy, UsageError
from engine.model.rule import Rule
from engine.model.staff import Office
from engine.store import audit
from tests.console.conftest import SignIn

ID = "county.burglary-surge"


@pytest.fixture(scope="module")
def now(world: World) -> Scene:
    return scene.read(world)


@pytest.fixture(scope="module")
def rule(now: Scene) -> Rule:
    return now.world.book.rules[ID]


@pytest.fixture(scope="module")
def text(now: Scene, rule: Rule) -> str:
    return (now.world.settings.root / drafting.home(now, rule)).read_text()


def test_what_is_in_force_is_sound_and_said_in_words(now: Scene, rule: Rule, text: str):
    for language in ("en", "zh"):
        draft = drafting.check(now, rule, text, language)
        assert draft.sound and rule.title.say(language) in draft.said
        assert not [one for one in draft.mistakes if one.problem.level > 2]


@pytest.mark.parametrize(
    ("was", "written", "found", "mends"),
    [
        ("domain:", "domian:", "domian", True), ("cycle: daily", "cycle: dayly", "dayly", True),
        ("category: property.burglary", "category: property.burglari", "burglari", True),
        ("window: 3d", "window: soon", "soon", False), ("rules:", "rules: [", "", False),
    ],
)  # fmt: skip
def test_a_mistake_has_its_line_and_a_mend_where_one_is_certain(
    now: Scene, rule: Rule, text: str, was: str, written: str, found: str, mends: bool
):
    assert was in text
    broken = text.replace(was, written, 1)
    draft = drafting.check(now, rule, broken, "en")
    assert not draft.sound and draft.mistakes
    with pytest.raises(UsageError, match="mend the mistakes first"):
        drafting.attempt(now, rule, broken)
    if not mends:
        return
    (one, *_) = [one for one in draft.mistakes if found in one.problem.sentence]
    assert one.mend is not None and one.mend.before == broken.split("\n")[one.mend.line - 1]
    lines = broken.split("\n")
    lines[one.mend.line - 1] = one.mend.after
    assert "\n".join(lines) == text


ELSEWHERE = """
id: county.two-kinds
title: Burglars and others
domain: public-safety
topic: unrest
cycle: daily
level: county
status: draft
owner: crime-desk
review_by: 2027-06-30
why: A test.
correlate: {within: 2d, scope: below, at_least: 2, of: [{finding: {rule: county.burglary-surge}}]}
grade: orange
measures: [patrols]
"""


def test_what_it_breaks_elsewhere_is_told_with_its_file(now: Scene, rule: Rule, text: str):
    other = now.world.settings.root / "rules" / "other.yaml"
    other.write_text(ELSEWHERE, encoding="utf-8")
    try:
        as_it_is = drafting.check(now, rule, text, "en")
        renamed = drafting.check(now, rule, text.replace(f"id: {ID}", "id: county.new"), "en")
    finally:
        other.unlink()
    assert as_it_is.sound and not as_it_is.elsewhere
    assert [one.path for one in renamed.elsewhere] == ["rules/other.yaml"] and not renamed.sound
    assert ID in renamed.elsewhere[0].sentence


def test_a_lower_threshold_would_have_warned_more(now: Scene, rule: Rule, text: str):
    same = drafting.attempt(now, rule, text)
    assert same.shifts == ()
    told = drafting.attempt(now, rule, text.replace("blue: {at_least: 3}", "blue: {at_least: 1}", 1))
    assert told.shifts


def test_one_is_tried_at_a_time(now: Scene, rule: Rule, text: str):
    with drafting._TRYING, pytest.raises(Busy):
        drafting.attempt(now, rule, text)


def test_a_kept_draft_is_a_patch_and_changes_nothing_that_is_live(
    now: Scene, rule: Rule, text: str, signed: SignIn, world: World, tmp_path: Path
):
    client = signed(Office.ANALYST)
    changed = text.replace("owner: ", "owner: other ", 1)
    answer = client.post(f"/rule/{ID}/edit", data={"text": changed, "do": "keep"})
    assert "data/drafts/county-burglary-surge.patch" in answer.text
    root = now.world.settings.root
    assert (root / drafting.home(now, rule)).read_text() == text
    shown = html.fromstring(client.get(f"/rule/{ID}/edit").text).xpath("//textarea/text()")[0]
    assert shown.strip() == changed.strip(), "the next time it goes on from there"
    patch = client.get(f"/rule/{ID}/patch")
    assert "attachment" in patch.headers["content-disposition"]
    (tmp_path / "rules").mkdir()
    copied = tmp_path / drafting.home(now, rule)
    copied.write_text(text)
    subprocess.run(["git", "apply", "-"], input=patch.content, cwd=tmp_path, check=True)
    assert copied.read_text().strip() == changed.strip()
    with world.store.read() as tx:
        assert [one.about for one in audit.listing(tx, what="draft kept")] == [ID]
    for kept in (root / drafting.KEPT).iterdir():
        kept.unlink()


def test_what_is_written_is_data(signed: SignIn):
    hostile = "rules: [{id: '</textarea><script>alert(1)</script>'}]\n"
    answer = signed(Office.ANALYST).post(f"/rule/{ID}/edit", data={"text": hostile, "do": "check"})
    assert answer.status_code == 200 and "<script>alert" not in answer.text


def test_an_area_of_ones_own_shows_no_other_in_what_would_change(now: Scene, rule: Rule, text: str):
    from engine.console.pages.editor import _seen

    told = drafting.attempt(now, rule, text.replace("blue: {at_least: 3}", "blue: {at_least: 1}"))
    areas = {one.place[0] for one, _, _ in _seen(now, told)}
    own = {one.place[0] for one, _, _ in _seen(replace(now, top="T1"), told)}
    assert own <= {"T1"} and own < areas
