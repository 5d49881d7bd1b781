"""Stories of messages in a receiver's own words, and of words that fail."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from engine import app
from engine.errors import ConfigError
from engine.model.grade import Grade
from engine.store import outbox
from tests.story.timeline import SECRET, Post, Story, build, story

TEMPLATES = """
templates:
  - id: short
    subject: {{en: "{{{{ grade|upper }}}} {{{{ place }}}}", zh: "{{{{ place }}}}{{{{ grade }}}}"}}
    text: {text}
"""
GOOD = """
      en: |
        {{ subject }}
        {% for task in tasks %}{{ task.what }} by {{ task.due }}{% endfor %}
      zh: "{{ subject }}：{{ title }}"
"""
#: It holds for the samples, and not where no chance is known.
CARELESS = """ "{{ warning.chance.days if change.after != 'none' else 'over' }}" """
RECEIVERS = {
    "centre": "template: short, ",
    "head": "language: zh, template: short, ",
    "ops": "operator: true, ",
}


def given(text: str) -> dict[str, object]:
    routes = "  - {id: all, receivers: [centre, head]}\n" + TEMPLATES.format(text=text)
    return {"receivers": RECEIVERS, "routes": routes}


def raised(told: Story) -> None:
    told.at("09:00")
    told.do("raise", "anna", on="T1.burglary", grade=Grade.YELLOW, leader=True)
    told.at("09:01")


def test_each_receiver_is_told_in_the_words_of_its_template(tmp_path: Path) -> None:
    with story(tmp_path, **given(GOOD)) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        message = told.last("centre")
        assert (message["subject"], message["template"]) == ("YELLOW Easttown", "short")
        assert message["text"].splitlines()[1].startswith("Evening patrols by 2026-03-04")
        assert message["told"]["subject"].startswith("[YELLOW warning]"), "programs read the sentences still"
        assert told.last("head")["text"] == "Easttown黄色：Burglaries\n"
        assert told.post.got["ops"] == []


def test_a_template_that_fails_gives_way_to_the_built_in_words_and_operators_hear(tmp_path: Path) -> None:
    with story(tmp_path, **given(CARELESS)) as told:
        raised(told)
        message = told.last("centre")
        assert (
            message["subject"].startswith("[YELLOW warning] Burglary, Easttown") and "template" not in message
        )
        (notice,) = told.post.got["ops"]
        assert notice["subject"] == "Template failed: short"
        assert (
            "the built-in words were sent" in notice["detail"] and "cannot be filled in" in notice["detail"]
        )
        told.do("lift", "chief", on="T1.burglary", leader=True)
        told.at("09:02")
        assert told.last("centre")["text"] == "over\n", "it is tried anew for each message"


def test_it_is_previewed_with_the_samples_and_with_what_was_told(tmp_path: Path) -> None:
    with story(tmp_path, **given(GOOD)) as told:
        raised(told)
        shown = told.command("forewarn message preview short").output
        assert "ORANGE Uppsala County" in shown and "Call a meeting by 2026-03-08" in shown
        warning = told.warning("T1", "burglary")
        assert warning is not None
        assert (
            "YELLOW Easttown" in told.command(f"forewarn message preview short --warning {warning.id}").output
        )
        assert "入室盗窃激增" in told.command("forewarn message preview --language zh").output
        assert "there is no template 'shirt'" in str(told.command("forewarn message preview shirt").exception)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (' "{{ plaice }}" ', r"routes\.yaml:\d+: .*the template 'short': a message has no 'plaice'"),
        (' "{{ evidence[0] }}" ', "the template 'short': it cannot be filled in"),
        (""" "{{ 'x' * 9999999 }}" """, "a template has no mul"),
    ],
)
def test_every_mistake_is_found_before_it_is_sent(tmp_path: Path, text: str, said: str) -> None:
    with Post().open() as post, patch.dict(os.environ, {SECRET: "0123456789abcdef"}):
        build(tmp_path, post, **given(text))  # type: ignore[arg-type]
        with pytest.raises(ConfigError, match=said):
            app.settings(tmp_path)


def test_a_receiver_names_a_template_there_is(tmp_path: Path) -> None:
    with Post().open() as post, patch.dict(os.environ, {SECRET: "0123456789abcdef"}):
        build(tmp_path, post, receivers={"centre": "template: shirt, "})
        with pytest.raises(ConfigError, match="there is no template 'shirt'"):
            app.settings(tmp_path)


def test_killed_and_planned_again_it_says_the_same(tmp_path: Path) -> None:
    with story(tmp_path, **given(GOOD)) as told:
        told.post.down.add("centre")
        raised(told)
        told.post.down.clear()
        told.at("09:05")
        with told.world.store.read() as tx:
            planned = [one for one in outbox.listing(tx) if one.receiver == "centre"]
        assert [one.subject for one in planned] == [told.last("centre")["subject"]] == ["YELLOW Easttown"]
