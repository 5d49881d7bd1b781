"""Every page, in both languages: whole, right, without a person's markup in it, and within its own policy."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args

import httpx
import pytest
from lxml import html

from engine.console import admission, inspection, words
from engine.console.look import FOLDER
from engine.console.serve import console
from engine.console.tongue import asked_for
from engine.cycle import hearing
from engine.cycle.world import World
from engine.model.area import AreaTree
from engine.model.grade import DOMAINS, Domain
from engine.model.message import Delivery
from engine.model.period import Cycle
from engine.model.rule import Status
from engine.model.run import RunState
from engine.model.text import Text
from engine.model.warning import Step
from engine.store import judgement
from tests.console.conftest import judged
from tests.story import county

PAGES = [
    "/", "/wall", "/warnings", "/warnings?every=true", "/warnings?domain=cyber", "/areas", "/area/T1",
    "/rules", "/rule/county.burglary-surge", "/rule/county.several-towns", "/feeds", "/runs",
    "/plans", "/rota", "/reports",
]  # fmt: skip


CATALOGUES = (words, admission, inspection)
FEW = """
rules:
  - id: county.few
    title: Few
    domain: public-safety
    topic: burglary
    cycle: daily
    level: county
    status: stable
    owner: desk
    review_by: 2027-06-30
    why: A test.
    indicator: {count: incidents, where: {category: property.burglary}}
    window: 1d
    baseline: 5
    grades: {blue: {at_least: 1}}
    measures: [patrols]
"""


def warnings(world: World) -> list:
    with world.store.read() as tx:
        return judgement.warnings(tx)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(browser: httpx.Client, path: str, language: str):
    answer = browser.get(path, params={"lang": language} if "?" not in path else None)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    page = html.fromstring(answer.text)
    assert page.xpath("//main") and page.xpath("//title/text()")
    data = r'<script type="application/json".*?</script>|<pre class="yaml".*?</pre>'
    assert "{" not in re.sub(data, "", answer.text, flags=re.S)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_nothing_that_its_policy_forbids(browser: httpx.Client, path: str):
    page = html.fromstring(browser.get(path).text)
    assert page.xpath("//@style | //style | //*[starts-with(name(@*), 'on')]") == []
    scripts = [one for one in page.xpath("//script") if not one.get("src")]
    assert {one.get("type") for one in scripts} <= {"application/json"}
    addresses = page.xpath("//link/@href | //script/@src | //img/@src | //use/@href | //a/@href")
    assert addresses and all(re.match(r"[/?#]", address) for address in addresses)


def test_every_link_leads_somewhere(browser: httpx.Client):
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("/"):
            continue
        seen.add(path)
        answer = browser.get(path)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            waiting += html.fromstring(answer.text).xpath("//a/@href | //link/@href | //script/@src")
    assert len(seen) > 15


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_warning_has_its_page_and_its_part(browser: httpx.Client, world: World, language: str):
    found = warnings(world)
    assert any(one.open for one in found) and any(not one.open for one in found)
    for one in found:
        for path in (f"/warning/{one.id}", f"/part/warning/{one.id}"):
            said = browser.get(path, params={"lang": language}).text
            assert world.settings.tree[one.area].name.say(language) in said


def test_the_desk_tells_every_open_warning(browser: httpx.Client, world: World):
    shown = html.fromstring(browser.get("/").text).xpath("//*[@id='queue']//@data-warning")
    assert set(shown) == {one.id for one in warnings(world) if one.open}


@pytest.mark.parametrize(
    "path", ["/warning/none", "/part/warning/none", "/area/none", "/rule/none", "/none", "/area/<b>"]
)
def test_what_is_not_there_says_so(browser: httpx.Client, path: str):
    answer = browser.get(path)
    assert answer.status_code == 404 and "There is no such page" in answer.text and "<b>" not in answer.text


def test_language_and_theme_are_kept_and_nonsense_is_not(browser: httpx.Client):
    assert 'lang="zh-Hans"' in browser.get("/?lang=zh&theme=dark").text
    kept = browser.get("/").text
    assert 'lang="zh-Hans"' in kept and 'data-theme="dark"' in kept
    assert 'lang="en"' in browser.get('/?lang="><script>').text
    assert 'data-theme="auto"' in browser.get("/?theme=x").text


#: What browsers send, and what is opened where the centre's own language is Chinese.
ASKED = {
    None: "zh", "": "zh", "*": "zh", "sv-SE,sv": "zh", "en-GB,en;q=0.9": "en", "sv, en;q=0.5, zh;q=0.2": "en",
    "en;q=0.3, zh-CN;q=0.8": "zh", "en;q=0": "zh", "en;q=x": "zh", "ZH-hans": "zh",
}  # fmt: skip


@pytest.mark.parametrize("header", ASKED)
def test_a_page_opens_in_the_centres_own_language_unless_the_browser_asks_for_the_other(header: str | None):
    assert (asked_for(header or "") or "zh") == ASKED[header]


def test_the_centres_own_language_is_the_one_its_receivers_read(link: str, world: World):
    assert world.settings.language == "en"
    some = list(world.settings.receivers.items())
    chinese = {id_: replace(one, language="zh") for id_, one in some}
    mostly = {**dict(some), **{f"{id_}-{n}": one for id_, one in chinese.items() for n in (1, 2)}}
    assert replace(world.settings, receivers=chinese).language == "zh"
    assert replace(world.settings, receivers=mostly).language == "zh"
    there = replace(world, settings=replace(world.settings, receivers=chinese))
    with console(lambda: there) as opened, httpx.Client(follow_redirects=True, timeout=None) as client:
        assert 'lang="zh-Hans"' in client.get(opened).text
        base = opened.partition("/enter")[0]
        assert 'lang="en"' in client.get(f"{base}/", headers={"accept-language": "en"}).text


def test_pages_are_told_apart_by_their_titles(browser: httpx.Client):
    """They stand beside each other in tabs, and in what a browser remembers."""
    for language in ("en", "zh"):
        paths = ["/", "/wall", "/warnings", "/areas", "/rules", "/feeds", "/runs", "/faults", "/plans",
                 "/rota", "/reports", "/area/T1", "/rule/county.burglary-surge"]  # fmt: skip
        pages = (html.fromstring(browser.get(path, params={"lang": language}).text) for path in paths)
        titles = [page.xpath("string(//title)") for page in pages]
        assert len({*titles}) == len(titles), titles


def test_another_language_or_theme_keeps_what_the_page_was_asked_for(browser: httpx.Client):
    page = html.fromstring(browser.get("/warnings?every=true&domain=public-safety&lang=en").text)
    links = [href for href in page.xpath("//header[@class='bar']//a/@href") if href.startswith("?")]
    asked = "?every=true&domain=public-safety"
    assert links == [f"{asked}&lang=zh", f"{asked}&theme=dark"]
    told = html.fromstring(browser.get("/warnings" + links[0]).text)
    assert told.xpath("//html/@lang") == ["zh-Hans"]


def test_names_from_outside_are_data(world: World):
    mark = '<img src=x onerror="alert(1)">'
    tree = world.settings.tree
    areas = {code: replace(area, name=Text(f"{area.name.en}{mark}")) for code, area in tree.areas.items()}
    settings = replace(world.settings, tree=AreaTree(tree.levels, areas))
    hostile = replace(world, settings=settings)
    with console(lambda: hostile, 0) as link, httpx.Client(follow_redirects=True) as client:
        first = client.get(link)
        for path in (
            "/",
            "/wall",
            "/warnings",
            "/area/T1",
            *(f"/warning/{one.id}" for one in warnings(world)[:3]),
        ):
            said = client.get(str(first.url.join(path))).text
            assert mark not in said and "&lt;img" in said, path


def test_a_small_count_of_a_sensitive_category_is_shown_nowhere(tmp_path: Path):
    root = county.build(tmp_path / "root")
    taxonomy, rules = root / "config" / "taxonomy.yaml", root / "rules" / "burglary.yaml"
    taxonomy.write_text(taxonomy.read_text().replace("title: Burglary,", "title: Burglary, sensitive: true,"))
    rules.write_text(FEW)
    with (
        judged(root) as world,
        console(lambda: world, 0) as link,
        httpx.Client(follow_redirects=True) as client,
    ):
        first = client.get(link)
        (one, *_) = warnings(world)
        page = client.get(str(first.url.join(f"/warning/{one.id}"))).text
        desk = client.get(str(first.url.join("/"))).text
    assert 'class="strip"' not in page and 'class="lad' not in page.partition("<main")[2]
    counted = re.findall(r"(\d+|&lt;5) in a day", page + desk)
    assert all(number == "&lt;5" or int(number) >= 5 for number in counted)


def test_every_table_says_what_its_columns_are():
    for path in FOLDER.glob("templates/*.html"):
        text = path.read_text(encoding="utf-8")
        headed = re.findall(r'<table class="list[^>]*><thead><tr>', text)
        assert text.count('<table class="list') == len(headed), path


def test_every_text_has_both_languages():
    texts = [
        *words.SAID.values(),
        *words.STATES.values(),
        *DOMAINS.values(),
        *words.STEPS.values(),
        *words.CYCLES.values(),
    ]
    assert [text for text in texts if not text.en or not text.zh] == []
    assert [t for t in texts if set(re.findall(r"{\w+}", t.en)) != set(re.findall(r"{\w+}", t.zh))] == []


def test_no_text_takes_the_place_of_another():
    """The three catalogues become one; a key in two of them would say the other's words."""
    own = [ast.parse(Path(str(one.__file__)).read_text(encoding="utf-8")) for one in CATALOGUES]
    tables = [
        [ast.literal_eval(key) for key in node.keys if isinstance(key, ast.Constant)]
        for tree in own for node in ast.walk(tree) if isinstance(node, ast.Dict)
    ]  # fmt: skip
    keys = [key for table in tables if set(table) <= words.SAID.keys() for key in table]
    assert len(keys) >= len(words.SAID) and [key for key, times in Counter(keys).items() if times > 1] == []


def test_every_text_is_used_and_every_used_one_is_there():
    sources = [*FOLDER.glob("templates/*.html"), *FOLDER.rglob("*.py")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "words.py")
    known = {key: f"'{key}'" in said or f'"{key}"' in said or key in said for key in words.SAID}
    assert [key for key, used in known.items() if not used and key not in ("days", "hours", "minutes")] == []
    asked = set(re.findall(r"""\bw\(['"]([^'"]+)['"]""", said))
    assert sorted(asked - set(words.SAID)) == []


@pytest.mark.parametrize(
    ("named", "every"),
    [
        (words.STATES, [*get_args(hearing.State), *RunState, *Status, *Delivery]),
        (words.STEPS, list(Step)),
        (words.CYCLES, list(Cycle)),
        (DOMAINS, list(Domain)),
    ],
)
def test_whatever_a_page_may_have_to_name_has_a_word(named: dict[str, Text], every: list[str]) -> None:
    assert [one for one in every if one not in named] == []
