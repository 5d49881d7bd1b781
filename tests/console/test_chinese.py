"""In Chinese no page says anything in English but names, codes and commands, whatever it has to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from lxml import html

from engine.console.serve import console
from engine.cycle import acting, drilling, faults
from engine.cycle.reporting import keep
from engine.cycle.world import World, clock_from
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.incident import Reject
from engine.model.period import Cycle
from engine.model.staff import Office
from engine.notify.notice import LASTING, Trouble
from engine.rulebook import checks
from engine.rulebook.words.mistakes import CHINESE
from engine.store import judgement, rejects
from tests.console.conftest import judged, session
from tests.console.test_acts import PEOPLE
from tests.console.test_reach import GET
from tests.story import county
from tests.story.test_duty_stories import PLAN

#: What the county's files call things, in both languages as a Chinese centre has them.
NAMED = re.compile(r"\b(title|what|why): ([A-Z][^,{}\n]*)")
#: What happened, every ninth day.
TRUTH = "area,topic,start,end,label\n" + "".join(
    f"T1,burglary,{day},{day},event\n"
    for day in (county.FIRST.date() + timedelta(days=7 - 9 * n) for n in range(8))
)
RECEIVERS = {"Duty centre": "值班室", "Police desk": "警务台"}
#: What has no Chinese: the product, forms of files, units, and words of the configuration.
ALSO = {
    "forewarn", "Word", "HTML", "JSON", "CSV", "Excel", "GeoJSON", "API", "YAML", "NTP", "UTC", "hold",
    "quiet", "otherwise",
}  # fmt: skip
UNREAD = (
    "self::script or self::style or self::kbd or self::pre or self::code or self::textarea or @lang='en' or"
    " contains(concat(' ', @class, ' '), ' mono ')"
)
SAID = "//body//*[not(ancestor-or-self::*[{0}])]/@*[name()='title' or name()='aria-label' or name()='alt']"
#: What answers programs, or with a file; reports have tests of their own.
PROGRAMS = ("/v1", "/metrics", "/audit.csv", "/rule/{id}/patch", "/part/days", "/report/")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The county under Chinese names, with something of everything that a page can show."""
    root = county.build(tmp_path_factory.mktemp("chinese"))
    for name, text in (
        county.FILES | PEOPLE | {"config/plans/explosion.yaml": PLAN, "config/truth.csv": TRUTH}
    ).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(chinese(name, text).lstrip(), encoding="utf-8")
    with judged(root) as opened:
        opened = replace(opened, clock=clock_from(county.END + timedelta(minutes=5)))
        fill(opened)
        yield opened


def chinese(name: str, text: str) -> str:
    for english, called in RECEIVERS.items():
        text = text.replace(english, called)
    if name.endswith("csv"):
        return re.sub(r"^(\w+),([A-Z][\w ]+),,", r"\1,\2,地名,", text, flags=re.M)
    return NAMED.sub(r'\1: {en: "\2", zh: 名称}', text)


#: What troubles are about that are about more than a feed.
ABOUT = {Trouble.UNNAMED: "log/T9/2026-03-01", Trouble.SCALE: "log/loss/2026-03-01",
         Trouble.CEASED: "log/fire/2026-03-01"}  # fmt: skip


def fill(world: World) -> None:
    wish = {"by": "chief", "via": "cli", "at": world.clock(), "reason": "电台通报"}
    acting.do(world, Act(kind=ActKind.RAISE, area="T1", topic="explosions", grade=Grade.YELLOW, **wish))
    keep.make(world, world.settings.calendar.last_due(Cycle.DAILY, world.clock()), "T1", world.clock())
    unread = {"reason": "no area is called 'T9'", "record": "{}", "kind": "place", "place": "line 7"}
    with world.store.begin() as tx:
        for trouble in LASTING:
            faults.begin(world, tx, trouble, ABOUT.get(trouble, "log"), "it is judged", world.clock())
        rejects.add(tx, [Reject(feed="log", seen_at=world.clock(), **unread)])
    drilling.start(world, "explosion", "T1", "chief")
    drilling.start(world, "@police", "T1", "chief")


@contextmanager
def chief(world: World) -> Iterator[httpx.Client]:
    """Somebody who may do everything, and reads in Chinese."""
    with console(lambda: world, 0) as link:
        base, key = link.partition("/enter")[0], session(world, *Office)
        with httpx.Client(
            base_url=base, cookies={"forewarn_session": key, "forewarn_lang": "zh"}, follow_redirects=True,
            headers={"sec-fetch-site": "same-origin", "origin": base}, timeout=None,
        ) as client:  # fmt: skip
            yield client


def paths(world: World) -> Iterator[str]:
    with world.store.read() as tx:
        found = list({one.topic: one for one in judgement.warnings(tx)}.values())
    for path, (example, *_) in GET.items():
        if not path.startswith(PROGRAMS) and "ID" not in example:
            yield example.replace("AREA", "T1")
    yield from ("/sign-in", "/password", "/none")
    yield from (f"/warning/{one.id}" for one in found)
    yield from (f"/act/{kind}?on={found[0].id}" for kind in ActKind)
    for rule in world.book.rules.values():
        yield f"/rule/{rule.id}?area={'C' if rule.correlation else 'T1'}&day=2026-03-09"


def english(answer: httpx.Response, world: World) -> set[str]:
    """The English words that a page says, but for keys and values of files, and what it cites."""
    page = html.fromstring(answer.text)
    said = [str(one) for one in page.xpath(f"//title//text() | //body//text()[not(ancestor::*[{UNREAD}])]")]
    said += [str(one) for one in page.xpath(SAID.format(UNREAD))]
    found = set()
    for one in said:
        plain = re.sub(r"`[^`]*`|'[^' ]*'|“[^”]*”|forewarn [ -z]+|[\w.:/@-]*[\d./:@_-][\w.:/@-]*", " ", one)
        found |= set(re.findall(r"[A-Za-z]{2,}", plain))
    return {one for one in found - ALSO - names(world) if not re.fullmatch("[IV]+", one)}


def names(world: World) -> set[str]:
    """What somebody called so: receivers, feeds, topics, accounts, desks, channels, tests of rules."""
    settings = world.settings
    ids = {*settings.receivers, *settings.feeds, *settings.topics, *settings.plans, "chief", "made", "desk"}
    return ids | {"crime", "desk", "file", "config", "rules"}


def test_every_page_is_in_chinese(world: World):
    with chief(world) as client:
        told = {path: english(client.get(path), world) for path in paths(world)}
    assert len(told) > 45 and {path: words for path, words in told.items() if words} == {}


def test_so_is_what_nobody_has_seen_for_a_month(world: World):
    later = world.clock() + timedelta(days=30)
    with chief(replace(world, clock=lambda: later)) as client:
        told = {path: english(client.get(path), world) for path in ("/", "/wall", "/feeds", "/rota")}
        assert "超过2天未采集" in client.get("/feeds").text
    assert {path: words for path, words in told.items() if words} == {}


#: What an administrator gets wrong: (what, its fields).
WRONG = [
    ("account-add", {"name": "no-role"}), ("account-add", {"name": "X!", "role-viewer": "1"}),
    ("account-add", {"name": "x-y", "role-viewer": "1", "area": "0"}), ("account-close", {"name": "0"}),
    ("account-add", {"name": "x-y", "role-viewer": "1", "receiver": "0"}), ("receiver-test", {"name": "0"}),
    ("token-add", {"title": "屏", "kind": "api", "days": "0"}), ("token-add", {"title": " ", "kind": "api"}),
    ("token-add", {"title": "屏", "kind": "feed", "feed": "0"}), ("token-revoke", {"id": "0"}),
]  # fmt: skip


def test_so_is_whatever_is_refused_and_the_audit_of_it(world: World):
    with chief(world) as client, world.store.read() as tx:
        told = {}
        for what, fields in WRONG:
            answer = client.post(f"/settings/{what}", data=fields)
            assert answer.status_code == 400
            told[what, str(fields)] = english(answer, world)
        client.post("/settings/account-add", data={"name": "made", "role-viewer": "1"})
        client.post("/settings/token-add", data={"title": "屏", "kind": "display"})
        client.post("/feeds/log/reread")
        client.post("/settings/receiver-test", data={"name": "police"})
        for one in judgement.warnings(tx)[:2]:
            for kind in ("acknowledge", "issue", "decline", "silence", "close", "lift", "comment"):
                wish = {"on": one.id, "why": "" if kind == "lift" else "理由"}
                told[kind, one.id] = english(client.post(f"/act/{kind}", data=wish), world)
        told |= {(path, ""): english(client.get(path), world) for path in ("/audit", "/settings", "/rota")}
        assert client.get("/audit?refused=true").text.count("已拒绝") > 3
    assert {key: words for key, words in told.items() if words} == {}


def test_so_is_what_a_rule_is_worth_beside_its_rivals(world: World):
    with chief(world) as client:
        answer = client.post("/rule/county.burglary-surge/measure")
        said = html.fromstring(answer.text).xpath("string(//dl[@id='measured']/following-sibling::p[1])")
        assert re.search("优于|不分上下|不及|无从比较", said) and english(answer, world) == set()


def test_so_are_the_problems_of_a_draft(world: World):
    with chief(world) as client:
        text = county.FILES["rules/burglary.yaml"].replace("owner: crime-desk", "").replace("daily", "dayly")
        for draft in (text, "rules: [", text.replace("dayly", "daily")):
            answer = client.post("/rule/county.burglary-surge/edit", data={"text": draft, "do": "check"})
            assert "错误" in answer.text and english(answer, world) == set()


def test_every_check_has_its_finding_in_chinese():
    assert set(CHINESE) - {"schema", "yaml", "duplicate-key", "file"} == {*checks.EACH, *checks.TOGETHER}
    assert all(re.search("[\u4e00-\u9fff]", said) for said in CHINESE.values())
