"""The language of templates: what it says, what it refuses, and that nothing in it can hurt."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from engine.model.text import Text
from engine.notify import schema
from engine.notify.template.dress import Template, faults, said, samples
from engine.notify.template.language import FILTERS, SAID, BadTemplate, check, render

FACTS: dict[str, Any] = {
    "grade": "orange",
    "notes": ["a", "b"],
    "tasks": [],
    "warning": {"id": "w", "title": {"en": "x"}},
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ grade|upper }}", "ORANGE"),
        (
            "{% for one in notes %}{{ loop.index }}{{ one }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1a, 2b",
        ),
        ("{% if tasks %}do{% else %}nothing{% endif %}", "nothing"),
        ("{{ warning.title.en }}{{ notes[1] }}{{ notes|length }}", "xb2"),
        ("{{ notes|join('; ') if grade == 'orange' and not tasks else 'no' }}", "a; b"),
        ("橙色{{ notes|first|default('-') }}", "橙色a"),
    ],
)
def test_what_it_says(source: str, expected: str) -> None:
    assert render(source, FACTS) == expected


@pytest.mark.parametrize(
    ("source", "said_"),
    [
        ("{{ 'x' * 1000000000 }}", "no mul"),
        ("{{ grade ~ grade }}", "no concat"),
        ("{{ 9 ** 9 ** 9 }}", "no pow"),
        ("{{ '%1000000000d' % 1 }}", "no mod"),
        ("{{ ''.__class__.__mro__ }}", "cannot be filled in"),
        ("{{ grade.upper() }}", "no call"),
        ("{{ range(9) }}", "no call"),
        ("{% set a = grade %}{{ a }}", "no assign"),
        ("{% macro m() %}{% endmacro %}x", "no macro"),
        ("{% include 'a' %}", "no include"),
        ("{% import 'a' as b %}", "no import"),
        ("{% for a in 'xxxx' %}y{% endfor %}", "what the message holds"),
        ("{% for a in [1, 2] %}y{% endfor %}", "no list|what the message holds"),
        (
            "{% for a in notes %}{% for b in notes %}{% for c in b %}x{% endfor %}{% endfor %}{% endfor %}",
            "2 deep",
        ),
        ("\n{% for a in notes %}{% endfor %}" * 13, "line 14: there are 12 loops at most"),
        ("{% for a in grade %}y{% endfor %}", "not over the letters"),
        ("{% for a in notes %}{% for b in a %}y{% endfor %}{% endfor %}", "not over the letters"),
        ("{% for a in warning.title.en %}y{% endfor %}", "not over the letters"),
        ("{% for a in notes recursive %}x{% endfor %}", "what the message holds"),
        ("{{ grad }}", r"no 'grad' \(did you mean 'grade'\?\)"),
        ("{{ grade|replace('o', 'oooooooo') }}", "[Nn]o filter named 'replace'"),
        ("a\n{{ grade", "line 2: "),
        ("{{ notes[7] }}", "cannot be filled in"),
        ("{{ warning.nobody }}", "cannot be filled in"),
        ("  ", "says nothing"),
        ("x" * 10_001, "longer than 10000"),
    ],
)
def test_what_it_refuses(source: str, said_: str) -> None:
    with pytest.raises(BadTemplate, match=said_):
        render(source, FACTS)


def test_what_comes_of_it_is_bounded() -> None:
    with pytest.raises(BadTemplate, match=f"more than {SAID}"):
        render(
            "{% for a in notes %}{% for b in notes %}xxxxxxxxxx{% endfor %}{% endfor %}",
            {"notes": ["a"] * 1000},
        )


def test_only_filters_that_are_documented_are_there() -> None:
    for name in FILTERS:
        check("{{ notes|" + name + " }}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_samples_are_messages_as_they_are_sent(language: str) -> None:
    begins, ends = samples(language)
    for one in (begins, ends):
        assert jsonschema.Draft202012Validator(schema.schema()).is_valid(one)
        assert one["language"] == language
    assert begins["told"]["tasks"] and begins["evidence"][0]["places"] and begins["warning"]["chance"]
    assert ends["change"]["after"] == "none" and not ends["told"]["evidence"]


def test_a_template_is_tried_with_what_begins_and_with_what_ends() -> None:
    careless = Template(
        "careless", Text("{{ place }}"), Text("{{ evidence[0] }}", "{{ evidence|first|default(why) }}")
    )
    assert [(part, language) for part, language, _ in faults(careless)] == [("text", "en")]
    good = Template("good", Text("{{ place }}"), Text("{{ evidence|first|default(why) }}"))
    assert list(faults(good)) == []
    assert said(good, samples("zh")[0])[0] == "乌普萨拉省"
