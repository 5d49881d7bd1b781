"""A letter says what the message says, and nothing of it can be more than text."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from lxml import html as page

from engine.model.grade import Domain, Grade
from engine.model.message import Route
from engine.model.warning import Step
from engine.notify.letter.letter import letter
from engine.notify.notice import Notice, Trouble, notices
from engine.notify.plan import plan


def told(make: SimpleNamespace, language: str = "en", change=None, warning=None, **trace: object) -> dict:
    change, warning = change or make.change(), warning or make.warning()
    found = make.finding(trace={"baseline": (1.0, 2.0, float("nan")), **trace})
    (note,) = plan(
        [change], {warning.id: warning}, [Route(id="r", receivers=("duty",))],
        {"duty": make.receiver("duty", language=language)}, make.reference, at=make.at,
        heard={warning.id: {"duty"}}, findings=[found],
    )  # fmt: skip
    return json.loads(note.payload)


def seen(html: str) -> str:
    return " ".join(page.fromstring(html).find("body").text_content().split())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_says_every_sentence_of_the_text(make: SimpleNamespace, language: str) -> None:
    payload = told(make, language)
    shown = seen(letter(payload, payload["subject"]).html)
    said = payload["told"]
    for line in (said["place"], said["title"], *said["evidence"], said["confidence"], said["since"]):
        assert line in shown
    for task in said["tasks"]:
        assert task["what"] in shown and task["department"] in shown and task["due"] in shown


def test_what_comes_from_outside_stays_text(make: SimpleNamespace) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=y>"
    payload = told(make, change=make.change(by="act-1", reason=bad), warning=make.warning(title_en=bad))
    tree = page.fromstring(letter(payload, bad).html)
    assert tree.findall(".//script") == [] and bad in tree.text_content()
    assert [one.get("src") for one in tree.iter("img")] == ["cid:light"]


def test_nothing_is_loaded_from_anywhere(make: SimpleNamespace) -> None:
    html = letter(told(make), "s").html
    assert "http" not in html and "url(" not in html and "<link" not in html


def test_the_style_of_everything_seen_stands_with_it(make: SimpleNamespace) -> None:
    tree = page.fromstring(letter(told(make), "s").html)
    bare = [one.tag for one in tree.iter("p", "td", "th", "a", "img") if not one.get("style")]
    assert bare == []


@pytest.mark.parametrize(
    ("domain", "step", "filled"),
    [(Domain.SAFETY, Step.UPGRADED, True), (Domain.SOCIAL, Step.UPGRADED, False),
     (Domain.SAFETY, Step.LIFTED, False)],
)  # fmt: skip
def test_only_what_is_statutory_and_stands_is_filled(
    make: SimpleNamespace, domain: Domain, step: Step, filled: bool
) -> None:
    change = make.change(step, "orange", "none") if step is Step.LIFTED else make.change(step)
    html = letter(told(make, change=change, warning=make.warning(domain=domain)), "s").html
    assert ('bgcolor="#f08c11"' in html) is filled


def test_a_chart_is_drawn_where_there_is_something_to_draw(make: SimpleNamespace) -> None:
    assert set(letter(told(make), "s").pictures) == {"light", "dark"}
    assert letter(told(make, baseline=()), "s").pictures == {}
    over = make.change(Step.LIFTED, "orange", "none")
    assert letter(told(make, change=over), "s").pictures == {}


def test_a_sensitive_count_has_no_chart(make: SimpleNamespace) -> None:
    warning = make.warning(rules=("home-violence",))
    found = make.finding(rule="home-violence", trace={"baseline": (1.0, 2.0)})
    (note,) = plan(
        [make.change()], {warning.id: warning}, [Route(id="r", receivers=("duty",))],
        {"duty": make.receiver("duty")}, make.reference, at=make.at, heard={}, findings=[found],
    )  # fmt: skip
    assert letter(json.loads(note.payload), note.subject).pictures == {}


def test_a_link_is_a_button(make: SimpleNamespace) -> None:
    payload = told(make) | {"answer": {"link": "https://warn.example.org/a/t", "reply": ""}}
    tree = page.fromstring(letter(payload, "s").html)
    assert [one.get("href") for one in tree.iter("a")] == ["https://warn.example.org/a/t"]


def test_an_exercise_says_so_first(make: SimpleNamespace) -> None:
    assert "THIS IS AN EXERCISE" in seen(letter(told(make) | {"exercise": True}, "s").html)[:200]


def test_any_other_message_is_its_subject_and_its_lines(make: SimpleNamespace) -> None:
    operators = {"ops": replace(make.receiver("ops"), operator=True)}
    (note,) = notices(Notice(Trouble.DOWN, "log", "no answer; look at it", make.at), operators)
    shown = seen(letter(json.loads(note.payload), note.subject).html)
    assert note.subject in shown and "no answer; look at it" in shown
    assert note.grade is Grade.NONE
