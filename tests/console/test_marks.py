"""A grade is solid where it is statutory and hollow where it is advisory, wherever a page shows one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from lxml import html

from engine.console.serve import console
from engine.cycle.world import World
from engine.model.grade import Domain, Grade, Mark
from engine.store import judgement
from tests.console.conftest import judged
from tests.story import county

#: What shows a grade: a badge, a shape of a map, a bar of a picture.
SHOWN = [
    f"//*[contains(concat(' ', @class, ' '), ' {kind}{grade} ')]" for kind in "gf" for grade in range(1, 5)
]  # fmt: skip
PATHS = ["/", "/wall", "/warnings?every=true", "/area/T1", "/area/C", "/rota", "/rule/county.burglary-surge"]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with judged(county.build(tmp_path_factory.mktemp("marks"))) as found:
        yield found


def pages(world: World, domain: Domain) -> dict[str, html.HtmlElement]:
    """Every page of the county, all of whose risks are of one domain."""
    topics = {id_: replace(one, domain=domain) for id_, one in world.settings.topics.items()}
    world = replace(world, settings=replace(world.settings, topics=topics))
    with world.store.begin() as tx:
        found = [replace(one, domain=domain) for one in judgement.warnings(tx)]
        judgement.save_warnings(tx, found)
        tx.seq()
    paths = [*PATHS, *(f"/warning/{one.id}" for one in found)]
    with console(lambda: world, 0) as link, httpx.Client(follow_redirects=True, timeout=None) as client:
        first = client.get(link).url
        return {path: html.fromstring(client.get(str(first.join(path))).text) for path in paths}


def shown(page: html.HtmlElement) -> list[html.HtmlElement]:
    """Each grade on a page; what a map's legend explains is none, nor is a count of none."""
    found = [one for shown in SHOWN for one in page.xpath(shown)]
    aside = ("leg", "to z")
    return [
        one for one in found
        if not any(above.get("class", "").startswith(aside) for above in one.iterancestors())
    ]  # fmt: skip


@pytest.mark.parametrize(("domain", "hollow"), [(Domain.SOCIAL, True), (Domain.SAFETY, False)])
def test_a_grade_is_hollow_where_it_is_advisory_and_nowhere_else(own: World, domain: Domain, hollow: bool):
    for path, page in pages(own, domain).items():
        marks = shown(page)
        assert marks, path
        for one in marks:
            kind, inner = one.get("class", "").split(), one.getnext()
            hollowed = "adv" in kind or ("key" in kind and inner.get("class") == "hollow")
            assert hollowed is hollow, (path, html.tostring(one)[:200])
            says = one.get("aria-label") or "".join(one.xpath("title/text()"))
            assert not says or says.endswith(", advisory") is hollow, (path, says)


def test_of_two_alike_the_statutory_one_counts_and_of_two_grades_the_graver():
    solid, hollow = (Mark.of(Grade.YELLOW, domain) for domain in (Domain.SAFETY, Domain.CYBER))
    assert solid > hollow > Mark.of(Grade.BLUE, Domain.SAFETY) > Mark()
    assert Mark.of(Grade.NONE, Domain.SAFETY) == Mark.of(Grade.NONE, Domain.CYBER) == Mark()


def test_a_digit_stands_for_one_mark_and_the_greater_for_the_greater():
    domains = Domain.CYBER, Domain.SAFETY
    every = [Mark(), *(Mark.of(grade, domain) for grade in Grade if grade for domain in domains)]
    assert [one.digit for one in every] == list("012345678") and every == sorted(every)
    assert [Mark.read(one.digit) for one in every] == every
    assert [one.advisory for one in every] == [False, *[True, False] * 4]
