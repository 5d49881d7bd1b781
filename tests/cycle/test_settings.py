"""Settings: good files become nouns, and every mistake of every file is reported at once."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, ConfigDict

import connectors
from engine.cycle import settings
from engine.duty.authority import SOON, Unanswered
from engine.duty.refusal import LIMITS
from engine.errors import ConfigError
from engine.model.grade import Domain, Grade
from engine.model.problem import Level, Problem
from engine.model.text import Text
from engine.model.topic import Aim
from engine.model.warning import Issuer
from engine.notify import channels


class Options(BaseModel):
    """What a connector or channel of these tests takes."""

    model_config = ConfigDict(extra="forbid")

    path: Path
    token: str = ""


CONNECTORS = {"csv": SimpleNamespace(ID="csv", Options=Options)}
CHANNELS = {"file": SimpleNamespace(ID="file", Options=Options)}

GOOD = {
    "areas.csv": """\
code,name,zh,level,parent,population,aliases,kind
SE,Sweden,瑞典,country,,10500000,Sverige,
01,Stockholm County,斯德哥尔摩省,county,SE,2400000,Stockholms län|Stockholm,
1440,Ale,,municipality,01,32000,,
""",
    "areas.yaml": """\
zone: Europe/Stockholm
levels: [country, county, municipality]
table: areas.csv
geometry: counties.json
""",
    "counties.json": """\
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "01"}, "geometry":
 {"type": "Polygon", "coordinates": [[[17, 59], [19, 59], [19, 60], [17, 60], [17, 59]]]}}]}
""",
    "taxonomy.yaml": """\
categories:
  - code: property
    title: {en: Property crime, zh: 侵财}
    domain: public-safety
    codes: {se_police: [Stöld]}
    children:
      - code: property.burglary
        title: Burglary
        codes: {se_police: [Inbrott]}
  - code: assembly
    title: Assembly
    domain: social-stability
    protected: true
    children:
      - {code: assembly.march, title: March}
  - {code: summary, title: Summaries, judged: false}
""",
    "topics.yaml": """\
topics:
  - {id: burglary, title: {en: Burglary, zh: 盗窃}, domain: public-safety}
  - {id: intrusion, title: Intrusion, domain: cyber}
""",
    "measures.yaml": """\
measures:
  - code: patrol
    what: Evening patrols
    department: police
    within: 24h
    aim: patrol
    topics: [burglary]
""",
    "feeds.yaml": """\
feeds:
  - id: police
    title: Police events
    connector: csv
    subject: incident
    options: {path: data/events.csv}
    poll: 10m
    max_silence: 12h
    covers: {areas: [SE], categories: [property], from: 2023-03-25}
    map:
      source_id: id
      occurred_at: happened
      place: {name: place}
      category: {field: type, scheme: se_police}
""",
    "routes.yaml": """\
receivers:
  - id: duty
    title: Duty centre
    language: zh
    channels:
      - {kind: file, path: out.jsonl, token: "${TOKEN}"}
routes:
  - {id: all, areas: [1440], domains: [public-safety], topics: [burglary], grade: yellow, receivers: [duty]}
""",
    "cycles.yaml": "wait: 6h\n",
}
FEED = GOOD["feeds.yaml"].removeprefix("feeds:\n")
TOPIC = "  - {id: burglary, title: Burglary, domain: public-safety}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root folder whose configuration is fine."""
    (tmp_path / "config").mkdir()
    for name, text in GOOD.items():
        (tmp_path / "config" / name).write_text(text, encoding="utf-8")
    return tmp_path


Load = Callable[..., settings.Settings]
Edit = Callable[[str, str, str], None]


@pytest.fixture
def load(root: Path) -> Load:
    def load_(today: date | None = None, **environment: str) -> settings.Settings:
        return settings.load(root, CONNECTORS, CHANNELS, {"TOKEN": "t0p", **environment}, today)

    return load_


@pytest.fixture
def edit(root: Path) -> Edit:
    """Replace a piece of a configuration file that must be there."""

    def edit_(name: str, old: str, new: str) -> None:
        path = root / "config" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit_


def mistakes(load: Load) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as raised:
        load()
    return raised.value.problems


def mistake(load: Load) -> str:
    problems = mistakes(load)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return str(problems[0])


def test_good_files_become_nouns(load: Load, root: Path) -> None:
    found = load()
    assert found.root == root.resolve()
    assert found.calendar.zone == ZoneInfo("Europe/Stockholm")
    assert found.calendar.wait == timedelta(hours=6)
    assert found.levels == ("country", "county", "municipality")
    assert found.tree.lineage("1440") == ("1440", "01", "SE")
    assert found.gazetteer.by_name("stockholms län") == "01"
    assert found.gazetteer.at_point(59.3, 18.1) == "01"
    assert found.topics["burglary"].title == Text("Burglary", "盗窃")
    assert found.taxonomy["property.burglary"].domain is Domain.SAFETY
    assert found.problems == ()


def test_a_feed_is_resolved(load: Load, root: Path) -> None:
    feed = load().feeds["police"]
    assert feed.options == Options(path=root.resolve() / "data/events.csv")
    assert feed.mapping.source_id == ("id",)
    assert (feed.poll, feed.max_silence) == (timedelta(minutes=10), timedelta(hours=12))
    assert feed.covers.areas == ("SE",)
    assert feed.covers.categories == {"property", "property.burglary"}
    assert (feed.covers.since, feed.covers.until) == (date(2023, 3, 25), date.max)
    assert (feed.quiet, feed.tolerate, feed.placed) == (None, 0.02, 0.75)


def test_a_feed_may_be_quiet_coarse_and_over(load: Load, root: Path) -> None:
    path = root / "config/feeds.yaml"
    text = path.read_text(encoding="utf-8").replace("from: 2023-03-25", "from: 2023-03-25, to: 2025-01-31")
    more = "    max_silence: 12h\n    quiet: 7d\n    tolerate: 0.1\n    placed: 0.5\n"
    path.write_text(text.replace("    max_silence: 12h\n", more), encoding="utf-8")
    feed = load().feeds["police"]
    assert (feed.quiet, feed.tolerate, feed.placed) == (timedelta(days=7), 0.1, 0.5)
    assert feed.covers.until == date(2025, 1, 31)


def test_routes_and_receivers_are_resolved(load: Load, root: Path) -> None:
    found = load()
    (route,) = found.routes
    assert (route.areas, route.grade, route.receivers) == (("1440",), Grade.YELLOW, ("duty",))
    (channel,) = found.receivers["duty"].channels
    assert channel.name == "file"
    assert channel.options["path"] == root.resolve() / "out.jsonl"
    assert channel.options["token"] == "t0p"


def test_the_catalogue_says_where_a_measure_fits(load: Load) -> None:
    patrol = load().catalogue["patrol"]
    assert (patrol.within, patrol.grade, patrol.aim) == (timedelta(days=1), Grade.BLUE, Aim.PATROL)
    assert patrol.fits("burglary", Domain.SAFETY)
    assert not patrol.fits("intrusion", Domain.CYBER)


def test_protected_sensitive_and_unjudged_hold_for_the_children(load: Load, edit: Edit) -> None:
    edit("taxonomy.yaml", "protected: true", "protected: true\n    sensitive: true\n    judged: false")
    march = load().taxonomy["assembly.march"]
    assert (march.protected, march.sensitive, march.judged) == (True, True, False)


def test_absent_files_have_defaults(load: Load, root: Path) -> None:
    for name in ("routes.yaml", "measures.yaml", "cycles.yaml"):
        (root / "config" / name).unlink()
    found = load()
    assert found.calendar.wait == timedelta(hours=8)
    assert found.scoring == {Grade.BLUE: 10, Grade.YELLOW: 25, Grade.ORANGE: 50, Grade.RED: 80}
    assert found.grades.labels[Grade.RED] == Text("Red", "红色")
    assert found.grades.authority.issuer(Domain.CYBER, Grade.RED) == "itself"
    assert (found.engine.database, found.engine.workers) == ("sqlite:///data/forewarn.db", 2)
    assert (found.routes, found.receivers, found.catalogue) == ((), {}, {})


def test_a_budget_holds_for_every_receiver_it_does_not_except(load: Load, root: Path) -> None:
    assert load().budget == {}
    (root / "config" / "budget.yaml").write_text("default: 7\n", encoding="utf-8")
    assert set(load().budget.values()) == {7}
    assert set(load().budget) == set(load().receivers)
    (root / "config" / "budget.yaml").write_text("receivers: {duty: 0.5}\n", encoding="utf-8")
    assert load().budget == {"duty": 0.5}


def test_polygons_are_optional(load: Load, edit: Edit) -> None:
    edit("areas.yaml", "geometry: counties.json\n", "")
    found = load()
    assert found.tree["01"].centroid is None
    assert found.gazetteer.by_name("Ale") == "1440"


def test_a_file_of_comments_is_an_empty_one(load: Load, root: Path) -> None:
    (root / "config" / "cycles.yaml").write_text("# nothing yet\n")
    assert load().cycles.lease == timedelta(minutes=10)


def test_the_hash_follows_the_meaning_not_the_comments(load: Load, edit: Edit) -> None:
    before = load().hash
    edit("topics.yaml", "topics:", "# named risks\ntopics:")
    assert load().hash == before
    edit("areas.csv", "32000", "32001")
    assert load().hash != before


def test_numbers_as_keys_have_a_hash(load: Load, edit: Edit) -> None:
    before = load().hash
    edit("feeds.yaml", "map:", "map:\n      severity: {field: level, table: {1: 1, high: 3}}")
    assert load().hash != before


def test_the_hash_and_the_texts_hold_no_secret(load: Load) -> None:
    found = load()
    assert load(TOKEN="another").hash == found.hash
    assert not any("t0p" in text for text in found.texts.values())
    assert "config/routes.yaml" in found.texts


def test_a_missing_variable_is_a_mistake(root: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        settings.load(root, CONNECTORS, CHANNELS, {})
    assert str(raised.value) == (
        "config/routes.yaml:6: [error] the environment has no variable TOKEN (nor TOKEN_FILE); set it before"
        " starting (environment)"
    )


#: What an analyst gets wrong: (file, what should stand there, what stands there, line, what is said).
MISTAKES = {
    "a misspelt key": ("feeds.yaml", "max_silence:", "max_silense:", 8, "did you mean 'max_silence'?"),
    "a missing key": ("feeds.yaml", "    max_silence: 12h\n", "", 2, "'max_silence' is missing in feeds.0"),
    "a connector": ("feeds.yaml", "or: csv", "or: cvs", 4, "no connector 'cvs' (did you mean 'csv'?)"),
    "a connector's option": ("feeds.yaml", "data/events.csv}", "e.csv, tokn: x}", 6, "did you mean 'token'?"),
    "a path that leads out": ("feeds.yaml", "data/events", "data/../../events", 6, "out of the root folder"),
    "a channel's path that leads out": ("routes.yaml", "path: out", "path: ../out", 6, "out of the root"),
    "a table that lies elsewhere": ("areas.yaml", "table: ", "table: ../../", 3, "out of the root folder"),
    "shapes that lie elsewhere": ("areas.yaml", "geometry: ", "geometry: /", 4, "out of the root folder"),
    "a list of persons": ("feeds.yaml", "incident", "persons", 5, "'persons' is not one of"),
    "a field of persons": ("feeds.yaml", "id: id", "id: passport", 11, "never persons or opinions"),
    "an area covered": ("feeds.yaml", "areas: [SE]", "areas: [SW]", 9, "there is no area 'SW'"),
    "a category covered": ("feeds.yaml", "[property]", "[proprety]", 9, "did you mean 'property'?"),
    "a classification": ("feeds.yaml", "se_police}", "se_polis}", 14, "did you mean 'se_police'?"),
    "a key of the mapping": ("feeds.yaml", "occurred_at:", "ocurred_at:", 12, "did you mean 'occurred_at'?"),
    "a keyword's category": (
        "feeds.yaml", "{field: type, scheme: se_police}",
        "{fields: [type], keywords: [{any: [inbrott], category: propertty}]}", 14, "did you mean 'property'?",
    ),
    "a fixed area": ("feeds.yaml", "{name: place}", "{fixed: [SX]}", 13, "no area 'SX'"),
    "a level": ("feeds.yaml", "{name: place}", "{name: place, level: conty}", 13, "did you mean 'county'?"),
    "a duration": ("feeds.yaml", "poll: 10m", "poll: 10 minutes", 7, "'10 minutes' is not a duration"),
    "a feed twice": ("feeds.yaml", "feeds:\n", "feeds:\n" + FEED, 15, "it is already on line 2"),
    "a receiver": ("routes.yaml", "receivers: [duty]", "receivers: [dutty]", 8, "did you mean 'duty'?"),
    "an area on a route": ("routes.yaml", "[1440]", "[1441]", 8, "did you mean '1440'?"),
    "a topic on a route": ("routes.yaml", "[burglary]", "[burglry]", 8, "did you mean 'burglary'?"),
    "a domain": ("routes.yaml", "[public-safety]", "[public-safty]", 8, "did you mean 'public-safety'?"),
    "a grade": ("routes.yaml", "grade: yellow", "grade: yelow", 8, "did you mean 'yellow'?"),
    "a channel": ("routes.yaml", "kind: file", "kind: fiel", 6, "no channel 'fiel' (did you mean 'file'?)"),
    "a channel's option": ("routes.yaml", "path: out.jsonl", "pat: out.jsonl", 6, "did you mean 'path'?"),
    "a channel's name twice": (
        "routes.yaml", "channels:\n", "channels:\n      - {kind: file, path: a}\n", 7, "named 'file' already",
    ),
    "a topic twice": ("topics.yaml", "topics:\n", "topics:\n" + TOPIC, 3, "it is already on line 2"),
    "a measure's topic": ("measures.yaml", "[burglary]", "[burglaries]", 7, "did you mean 'burglary'?"),
    "a measure's aim": ("measures.yaml", "aim: patrol", "aim: arrest", 6, "'arrest' is not one of 'traffic'"),
    "a code outside of its parent": (
        "taxonomy.yaml", "property.burglary", "theft.burglary", 7, "'theft.burglary' stands below 'property'",
    ),
    "a dotted code at the top": ("taxonomy.yaml", "summary", "notice.summary", 16, "so its code has no dot"),
    "a category twice": ("taxonomy.yaml", "summary", "assembly", 16, "it is already on line 10"),
    "a category of no domain": ("taxonomy.yaml", ", judged: false", "", 16, "needs a domain"),
    "a code with two meanings": ("taxonomy.yaml", "[Inbrott]", "[stöld]", 7, "means 'property' already"),
    "a comma that cuts a text": ("taxonomy.yaml", "Property crime", "Theft, all kinds", 3, "needs quotes"),
    "a time zone": ("areas.yaml", "Stockholm", "Stokholm", 1, "write a name such as Europe/Stockholm"),
    "a level twice": ("areas.yaml", "county, municipality", "county, county", 2, "a level stands here twice"),
    "a place of worship": ("areas.csv", "32000,,", "32000,,church", 4, "'church' is not a kind of facility"),
    "few residents": ("areas.csv", "32000,,", "120,,residential-area", 4, "at least 500 residents"),
    "an unknown polygon": ("counties.json", '"01"', '"02"', 1, "has the code '02', which is no area"),
    "no wait at all": ("cycles.yaml", "6h", "0h", 1, "a duration of nothing makes no sense"),
    "no YAML": ("cycles.yaml", "wait: 6h", "wait: [6h", 2, "not readable as YAML"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_every_mistake_has_its_line_and_its_mend(load: Load, edit: Edit, case: str) -> None:
    name, right, wrong, line, sentence = MISTAKES[case]
    edit(name, right, wrong)
    found = [str(problem) for problem in mistakes(load)]
    assert {problem.partition(":")[0] for problem in found} == {f"config/{name}"}
    assert [p for p in found if p.startswith(f"config/{name}:{line}: [error]") and sentence in p], found


def test_a_field_of_names_is_not_read(load: Load, root: Path) -> None:
    (root / "config" / "privacy.yaml").write_text("name_fields: [Happened]\n")
    assert mistake(load).startswith("config/feeds.yaml:12: [error] the field 'happened' holds names")


def test_the_guard_knows_the_added_patterns(load: Load, root: Path) -> None:
    (root / "config" / "privacy.yaml").write_text("patterns: {case: 'K\\d{6}'}\n")
    assert load().ingest.guard.mask("see K123456") == "see [case]"


JUNK = (
    "", "null", "[]", "{}", "{a: b}", "[[]]", "- ", "1", "true", ".nan", "&a *a", '"x', "<<: {a: 1}", "? x",
    "!!python/object:os.system", "2026-01-01", "${X}", "\t", "\x00", "# c",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_whatever_stands_in_a_file_is_read_or_refused(load: Load, root: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        name = chance.choice(sorted(GOOD))
        tokens = re.split(r"(\s+|[,:{}\[\]|])", GOOD[name])
        for _ in range(chance.randint(1, 3)):
            tokens[chance.randrange(len(tokens))] = chance.choice((*JUNK, *tokens))
        (root / "config" / name).write_text("".join(tokens), encoding="utf-8")
        with contextlib.suppress(ConfigError):
            load()
        (root / "config" / name).write_text(GOOD[name], encoding="utf-8")
    assert load().problems == ()


SMALL_FILES = {
    "scoring.yaml": ("points: {blue: 30, yellow: 25}\n", "points rise from blue to red"),
    "privacy.yaml": ("plates: ['[A-Z']\n", "not a regular expression"),
    "engine.yaml": ("workers: 0\n", "greater than or equal to 1"),
    "grades.yaml": ("issues: {cyber: {red: boss}}\n", "'boss' is not one of 'itself'"),
    "budget.yaml": ("receivers: {dutty: 3}\n", "there is no receiver 'dutty' (did you mean 'duty'?)"),
    "rotues.yaml": ("routes: []\n", "did you mean 'routes.yaml'?"),
}


@pytest.mark.parametrize("name", SMALL_FILES)
def test_mistakes_in_the_small_files(load: Load, root: Path, name: str) -> None:
    text, sentence = SMALL_FILES[name]
    (root / "config" / name).write_text(text)
    found = mistake(load)
    assert found.startswith(f"config/{name}:1: [error]")
    assert sentence in found


def test_a_missing_file_and_mistakes_elsewhere_are_reported_together(
    load: Load, edit: Edit, root: Path
) -> None:
    (root / "config" / "taxonomy.yaml").unlink()
    edit("routes.yaml", "[duty]", "[nobody]")
    edit("cycles.yaml", "wait", "wiat")
    found = [str(problem) for problem in mistakes(load)]
    assert [line.partition(":")[0] for line in found] == [
        "config/cycles.yaml", "config/routes.yaml", "config/taxonomy.yaml",
    ]  # fmt: skip
    assert "the file does not exist" in found[2]


#: What is right by itself and cannot work with the rest: as above, without the lines.
IMPOSSIBLE = {
    "silent before it is asked": ("feeds.yaml", "max_silence: 12h", "max_silence: 10m", "than poll (10m)"),
    "quiet before it is asked": ("feeds.yaml", "poll: 10m", "poll: 10m\n    quiet: 5m", "quiet (5m) must be"),
    "covered from tomorrow": ("feeds.yaml", "2023-03-25", "2023-03-28", "2023-03-28) lies in the future"),
    "over before it begins": ("feeds.yaml", "from: 2023-03-25", "from: 2023-03-25, to: 2023-03-24", "before"),
    "a route to nobody": ("routes.yaml", "receivers: [duty]", "receivers: []", "leads to nobody"),
    "a route that never matches": ("routes.yaml", "[burglary]", "[intrusion]", "it never matches"),
    "a lease below a tick": ("cycles.yaml", "wait: 6h", "lease: 30s", "must be longer than tick (30s)"),
    "always late": ("cycles.yaml", "wait: 6h", "tick: 2h\nlease: 3h", "grace (1h) must be longer than"),
    "given up at once": ("cycles.yaml", "wait: 6h", "catch_up: 9m", "must be longer than lease (10m)"),
    "no time at all": ("cycles.yaml", "wait: 6h", "wait: 0h", "a duration of nothing"),
}  # fmt: skip


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_work_is_a_mistake(load: Load, edit: Edit, case: str) -> None:
    name, old, new, sentence = IMPOSSIBLE[case]
    edit(name, old, new)
    assert sentence in mistake(partial(load, today=date(2023, 3, 27)))


@pytest.mark.parametrize(("privacy", "name"), [
    ("plates: ['[A-Z]*']", "plates"), ("patterns: {case: 'K?'}", "patterns"),
    ("patterns: {case: ''}", "patterns"),
])  # fmt: skip
def test_a_pattern_that_matches_nothing_at_all_is_a_mistake(
    load: Load, root: Path, privacy: str, name: str
) -> None:
    (root / "config/privacy.yaml").write_text(privacy + "\n", encoding="utf-8")
    assert f"config/privacy.yaml:1: [error] {name}" in mistake(load)


@pytest.mark.parametrize("proxy", ["proxy.example:3128", "socks5://proxy.example", "http://", "http://:3128"])
def test_a_proxy_that_cannot_be_one_is_a_mistake(load: Load, root: Path, proxy: str) -> None:
    (root / "config/engine.yaml").write_text(f"proxy: '{proxy}'\n", encoding="utf-8")
    assert "the proxy's address is http://host:port" in mistake(load)


def test_what_takes_longer_than_others_wait_is_a_mistake(root: Path) -> None:
    """A message would be sent twice; a source that hangs be taken for a silent one."""
    route = '{kind: webhook, url: "https://x.example", secret: "${TOKEN}", timeout: 10m}'
    routes, feeds = root / "config/routes.yaml", root / "config/feeds.yaml"
    routes.write_text(routes.read_text().replace('{kind: file, path: out.jsonl, token: "${TOKEN}"}', route))
    url = "{url: 'https://x.example', timeout: 60}"
    feeds.write_text(feeds.read_text().replace("{path: data/events.csv}", url).replace("12h", "600s"))
    feeds.write_text(feeds.read_text().replace("poll: 10m", "poll: 1m"))
    with pytest.raises(ConfigError) as raised:
        settings.load(root, connectors.CONNECTORS, channels.CHANNELS, {"TOKEN": "t0p" * 9})
    silent, twice = map(str, raised.value.problems)
    assert "one answer may take 10m, ten times 'timeout'; max_silence (10m) must be longer" in silent
    assert "routes.yaml:6: [error] timeout (10m) must be shorter than lease (10m)" in twice


def test_what_is_odd_but_usable_is_a_warning(load: Load, edit: Edit) -> None:
    edit("routes.yaml", '    channels:\n      - {kind: file, path: out.jsonl, token: "${TOKEN}"}\n', "")
    (problem,) = load().problems
    assert problem.level is Level.WARNING
    assert "hears nothing" in problem.sentence


def test_grades_may_be_renamed(load: Load, root: Path) -> None:
    (root / "config" / "grades.yaml").write_text(
        "grades:\n  red: {label: {en: Crimson}, level: I, colour: '#dc143c'}\n"
    )
    grades = load().grades
    assert grades.labels[Grade.RED] == Text("Crimson")
    assert grades.colours[Grade.RED] == "#dc143c"
    assert grades.labels[Grade.BLUE] == Text("Blue", "蓝色")


def test_the_database_may_hold_a_secret(load: Load, root: Path) -> None:
    (root / "config" / "engine.yaml").write_text('database: "postgresql+psycopg://f:${PW}@db/f"\n')
    assert load(PW="s3cret").engine.database == "postgresql+psycopg://f:s3cret@db/f"
    assert "PW" in mistake(load)


def test_who_issues_and_what_happens_when_nobody_answers(load: Load, root: Path) -> None:
    (root / "config" / "grades.yaml").write_text(
        "issues: {public-safety: {red: two, orange: leader}}\n"
        "unanswered: {orange: {after: 20m, then: issue}, immediate: {after: 5m, then: wait}}\n",
        encoding="utf-8",
    )
    found = load()
    authority = found.grades.authority
    assert authority.issuer(Domain.SAFETY, Grade.RED) is Issuer.TWO
    assert authority.issuer(Domain.SAFETY, Grade.BLUE) is Issuer.ITSELF
    assert authority.patience(Grade.ORANGE) == Unanswered(timedelta(minutes=20), issues=True)
    assert authority.patience(Grade.RED) == SOON and authority.patience(Grade.YELLOW).issues is False
    assert authority.immediate == Unanswered(timedelta(minutes=5), issues=False)
    unasked = [problem.sentence for problem in found.problems if problem.name == "nobody-asked"]
    assert len(unasked) == 2 and "waits for two, and no route asks anybody" in unasked[1]


def test_who_is_asked_is_told_by_a_route(load: Load, root: Path, edit: Edit) -> None:
    (root / "config" / "grades.yaml").write_text("issues: {public-safety: {red: two}}\n", encoding="utf-8")
    edit("routes.yaml", "routes:\n", "routes:\n  - {id: ask, asks: [two], receivers: [duty]}\n")
    found = load()
    assert [route.asks for route in found.routes if route.asks] == [{Issuer.TWO}]
    assert not [problem for problem in found.problems if problem.name == "nobody-asked"]


def test_the_longest_silence_by_grade(load: Load, root: Path) -> None:
    assert load().duty.silences == LIMITS
    (root / "config" / "duty.yaml").write_text("silences: {blue: 2d}\n", encoding="utf-8")
    assert load().duty.silences == {**LIMITS, Grade.BLUE: timedelta(days=2)}
