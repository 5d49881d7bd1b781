"""The desk of the small county: what it says is what the store holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from lxml import html

from engine.console import desk, scene
from engine.console.scene import Scene, Scenes
from engine.console.serve import console
from engine.console.waiting import waiting
from engine.cycle.world import World
from engine.duty.answer import Asking, Terms
from engine.model.grade import Domain, Grade
from engine.model.lap import Beat, Lap
from engine.model.rota import Rota, Stretch
from engine.model.staff import Right, Visitor
from engine.model.task import Task, TaskState
from engine.model.text import Text
from engine.model.warning import RiskWarning
from engine.store import judgement


@pytest.fixture(scope="module")
def now(world: World) -> Scene:
    return scene.read(world)


def test_the_tiles_count_the_open_warnings_of_each_domain(now: Scene, world: World):
    with world.store.read() as tx:
        open_ = judgement.warnings(tx, open_only=True)
    assert open_, "the county has something to show"
    for tile in desk.tiles(now):
        of = [one.grade for one in open_ if one.domain is tile.domain]
        assert dict(tile.counts) == Counter(of) and tile.grade == max(of, default=Grade.NONE)
    assert [tile.domain for tile in desk.tiles(now)] == list(Domain)


def test_a_day_of_the_map_shows_what_the_changes_up_to_it_say(now: Scene, world: World):
    """Counted again from the rows of the store, change by change."""
    with world.store.read() as tx:
        changes, warnings = judgement.changes(tx), {one.id: one for one in judgement.warnings(tx)}
    codes = list(world.settings.tree.areas)
    days = desk.layers(now, codes)["all"]
    columns = desk.columns(now)
    assert len(days) == len(columns) == desk.DAYS and columns[-1].at == now.at
    some = 0
    for digits, column in zip(days, columns, strict=True):
        grades = dict.fromkeys(warnings, Grade.NONE)
        for change in changes:
            if change.at <= column.at:
                grades[change.warning] = change.after
        for code, digit in zip(codes, digits, strict=True):
            here = [(g, warnings[id_].domain) for id_, g in grades.items() if warnings[id_].area == code]
            statutory = max((g for g, domain in here if domain is Domain.SAFETY), default=0)
            advisory = max((g for g, domain in here if domain is not Domain.SAFETY), default=0)
            assert int(digit) == max(2 * statutory, 2 * advisory - 1, 0)
        some += any(grades.values())
        assert sum(n for _, n in column.counts) == sum(digit != "0" for digit in digits)
    assert 3 < some < desk.DAYS


def test_the_layers_of_the_domains_make_up_the_whole(now: Scene, world: World):
    layers = desk.layers(now, list(world.settings.tree.areas))
    for day, whole in enumerate(layers["all"]):
        parts = [layers[domain.value][day] for domain in Domain]
        assert whole == "".join(max(digits) for digits in zip(*parts, strict=True))


def _like(now: Scene, number: int, grade: Grade, topic: str = "t") -> RiskWarning:
    return replace(now.open[0], id=f"w{number}", area=f"A{number}", topic=topic, grade=grade)


@pytest.mark.parametrize(
    ("grades", "shown", "folded"),
    [
        ([Grade.RED], 1, 0), ([Grade.BLUE] * 2, 2, 0), ([Grade.BLUE] * 3, 3, 0),
        ([Grade.BLUE] * 9, 3, 6), ([Grade.RED, *[Grade.BLUE] * 3], 4, 0),
        ([Grade.RED, *[Grade.BLUE] * 4], 1, 4),
        ([Grade.RED, Grade.ORANGE, Grade.YELLOW, *[Grade.BLUE] * 12], 3, 12),
    ],
)  # fmt: skip
def test_many_blue_ones_of_a_risk_fold_into_one_line_and_none_is_lost(
    now: Scene, grades: list, shown: int, folded: int
):
    warnings = {f"w{n}": _like(now, n, grade) for n, grade in enumerate(grades)}
    groups = desk.groups(replace(now, warnings=warnings))
    told = [one for group in groups for one in (*group.rows, *group.folded)]
    assert sorted(one.id for one in told) == sorted(warnings)
    assert sum(len(group.rows) for group in groups) == shown
    assert sum(len(group.folded) for group in groups) == folded
    assert groups[0].lead.grade == max(grades)


def test_of_thousands_the_gravest_stand_on_the_desk_and_the_others_are_counted(now: Scene):
    grades = (Grade.RED, Grade.ORANGE, *[Grade.YELLOW] * 6, *[Grade.BLUE] * 12)
    warnings = {
        f"w{n}": replace(_like(now, n, grades[n % 20], f"t{n % 7}"), id=f"w{n}") for n in range(2000)
    }
    groups = desk.groups(replace(now, warnings=warnings))
    rows = [one for group in groups for one in group.rows]
    assert len(rows) < desk.ROWS + 7 and all(group.rows for group in groups)
    assert all(len(group.folded) <= desk.FOLD for group in groups)
    assert sum(group.size for group in groups) == 2000
    told = [one.id for group in groups for one in (*group.rows, *group.folded, *group.beyond)]
    assert sorted(told) == sorted(warnings)
    for group in groups:
        assert all(one.grade <= row.grade for row in group.rows for one in group.beyond)


def test_the_digits_of_now_are_the_last_day_of_the_layers(now: Scene, world: World):
    codes = list(world.settings.tree.areas)
    assert desk.digits(now, codes) == desk.layers(now, codes)["all"][-1] and "6" in desk.digits(now, codes)


def test_what_ended_within_a_day_is_told_once_more(now: Scene):
    gone = replace(now.open[0], id="gone", lifted_at=now.at - timedelta(hours=23))
    past = replace(gone, id="past", lifted_at=now.at - timedelta(hours=25))
    assert [one.id for one in desk.ended(replace(now, warnings={"gone": gone, "past": past}))] == ["gone"]


def test_what_waits_is_what_only_somebody_can_decide_then_answer_then_do(now: Scene):
    """Decisions, then answers, then what is overdue; of each the soonest first, the graver of equals."""
    hour = timedelta(hours=1)

    def wished(number: int, grade: Grade, ago: int) -> RiskWarning:
        return replace(
            _like(now, number, Grade.BLUE), proposed=grade, proposal=f"p{number}",
            proposed_at=now.at - ago * hour, rules=(),
        )  # fmt: skip

    def unread(number: int, grade: Grade, ago: int) -> Lap:
        begins = now.at - ago * hour
        return Lap(beat=Beat.READ, id=f"w{number}", receiver="duty", grade=grade, begins=begins, due=begins)

    def late(number: int, grade: Grade, warning: str = "") -> Task:
        return Task(
            id=f"t{number}", measure="patrol", what=Text("Patrol"), department="police", area="T1",
            grade=grade, warning=warning, response="" if warning else "plan", asked_at=now.at - 9 * hour,
            due_at=now.at - hour, state=TaskState.OVERDUE,
        )  # fmt: skip

    calm, grave = Grade.YELLOW, Grade.ORANGE
    warnings = [wished(0, calm, 1), wished(1, calm, 2), wished(2, grave, 2), wished(3, Grade.NONE, 9)]
    warnings += [_like(now, number, grade) for number, grade in ((4, grave), (5, Grade.RED), (6, calm))]
    told = unread(4, grave, 3), unread(5, Grade.RED, 3)
    people = replace(now.people, unread=told, tasks=(late(0, calm, "w6"), late(1, grave)))
    asked = Terms(dict.fromkeys((grave, Grade.RED), Asking(hour, hour)))
    settings = replace(now.world.settings, duty=replace(now.world.settings.duty, answers=asked))
    seen = replace(
        now, world=replace(now.world, settings=settings), warnings={one.id: one for one in warnings},
        people=people,
    )  # fmt: skip
    officer = Visitor(name="o", via="console", rights=frozenset(Right))
    found = [one.warning.id if one.warning else one.tasks[0].id for one in waiting(seen, officer)]
    assert found == ["w2", "w1", "w0", "w3", "w5", "w4", "t1", "w6"]


def test_a_silent_feed_needs_somebody_and_its_domain_is_not_seen(now: Scene, world: World):
    later = replace(world, clock=lambda: now.at + timedelta(days=30))
    blind = scene.read(later)
    assert [need.kind for need in desk.needs(blind) if need.kind == "feed troubled"]
    tiles = {tile.domain: tile for tile in desk.tiles(blind)}
    assert tiles[Domain.SAFETY].blind and not tiles[Domain.CYBER].blind, (
        "no feed of cyber is there to be blind"
    )
    assert tiles[Domain.CYBER].unseen and tiles[Domain.SAFETY].watched, "no rule of cyber is there to judge"
    unjudged = desk.tiles(replace(now, judged=(), warnings={}))
    assert all(tile.unseen for tile in unjudged), "what was never judged is not at rest"
    assert "behind" in [need.kind for need in desk.needs(blind)]


def test_a_scene_is_kept_while_nothing_is_written_and_its_world_is_the_same(world: World):
    scenes = Scenes()
    first = scenes.of(world)
    assert scenes.of(world) is first
    with world.store.begin() as tx:
        tx.seq()
    second = scenes.of(world)
    assert second is not first and second.state > first.state
    with world.store.begin() as tx:
        tx.seq()
    scenes._rest = 3600
    assert scenes.of(world, eased=True) is second and scenes.state(world) == second.state
    assert scenes.of(world) is not second, "who acts sees what they did"
    with world.store.begin() as tx:
        tx.seq()
    scenes._rest = 0
    assert scenes.state(world) > second.state + 1
    assert scenes.of(replace(world)) is not second


def test_desk_and_wall_say_who_is_on_duty_and_a_wall_tells_what_changed_since_they_are(world: World):
    begins = world.clock() - timedelta(hours=13)
    shift = Stretch(begins, world.clock() + timedelta(hours=1), ("duty",))
    rotas = {"night": Rota("night", "Night", world.settings.calendar.zone, overrides=(shift,))}
    watched = replace(world, settings=replace(world.settings, rotas=rotas))
    with console(lambda: watched, 0) as link, httpx.Client(follow_redirects=True, timeout=None) as client:
        first = client.get(link)
        pages = {path: html.fromstring(client.get(str(first.url.join(path))).text) for path in ("/", "/wall")}
    assert all("On duty Duty centre" in page.text_content() for page in pages.values())
    changes, before = pages["/wall"].xpath("//section[@class='chg']/h2"), "10 Mar 20:00"
    assert changes[0].text_content().startswith(f"Since {before}")
