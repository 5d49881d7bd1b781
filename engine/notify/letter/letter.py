"""A message's payload as HTML and pictures: the same payload is the same letter, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.chart import png
from engine.chart.palette import DARK, FILL, LIGHT, ON
from engine.chart.strip import NUMERAL, Strip
from engine.model.grade import Grade
from engine.notify.areas import LINES
from engine.notify.letter import words
from engine.notify.message import number

#: The chart's size in a letter.
WIDTH, HEIGHT = 536, 150
SANS = (
    "'Segoe UI','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',-apple-system,"
    "'Helvetica Neue',Arial,sans-serif"
)


@dataclass(frozen=True)
class Letter:
    """The HTML, and the pictures that it shows by these names (`cid:light`, `cid:dark`)."""

    html: str
    pictures: Mapping[str, bytes]


def letter(payload: Mapping[str, Any], subject: str) -> Letter:
    """What a person sees of a payload; one without sentences of its own is its subject and its text."""
    language = str(payload.get("language", "en"))
    told, over = None if payload.get("template") else payload.get("told"), False
    if told:
        change = payload["change"]
        over = change["after"] == "none"
        grade = Grade.named(change["before"] if over else change["after"])
    else:
        about = payload["warning"] if payload.get("template") else payload.get("task", payload)
        grade = Grade.named(str(about.get("grade", "none")))
    of, said = strip(payload), _rest(payload)
    items = payload.get("areas") or payload.get("messages") or ()
    # Of a message about many, those that tell of one each, the first of them first.
    lines = [line for line in said if line.startswith("- ")][: min(len(items), LINES)]
    html = _templates().get_template("letter.html").render(
        p=payload, subject=subject, exercise=payload.get("exercise"), answer=payload.get("answer"),
        told=told, grade=grade, over=over, numeral=NUMERAL.get(grade, ""), language=language,
        fill=FILL.get(grade, LIGHT.edge), on=ON.get(grade, LIGHT.ink), light=LIGHT, dark=DARK, sans=SANS,
        say=lambda key, **facts: getattr(words, key).say(language).format(**facts), chart=of,
        unseen=of is not None and any(value != value for value in of.before), number=number,
        step=words.STEPS[payload["step"]].say(language) if payload.get("step") in words.STEPS else "",
        rest=[line for line in said if line not in lines], rows=_chips(lines, items),
        width=WIDTH, height=HEIGHT,
    )  # fmt: skip
    return Letter(html, _pictures(of))


def strip(payload: Mapping[str, Any]) -> Strip | None:
    """The gravest finding's counts; None where there is nothing to draw, or it may not be shown."""
    first = next(iter(payload.get("evidence", ())), None)
    if not first or not first.get("before") or not isinstance(first["observed"], int | float):
        return None
    if payload["change"]["after"] == "none":
        return None
    return Strip(
        title="; ".join(payload["told"]["evidence"]), observed=first["observed"], usual=first["expected"],
        before=[float("nan") if value is None else value for value in first["before"]],
        lines=[(Grade.named(one["grade"]), one["from"], one["holds"]) for one in first["starts"]],
        advisory=payload["warning"]["advisory"],
    )  # fmt: skip


def _pictures(of: Strip | None) -> dict[str, bytes]:
    if of is None:
        return {}
    return {
        name: png.strip(of, palette, WIDTH, HEIGHT) for name, palette in (("light", LIGHT), ("dark", DARK))
    }


def _chips(lines: Sequence[str], items: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Lines that tell of one each as they are shown: with its grade as a colour and a numeral."""
    found = []
    for line, one in zip(lines, items, strict=False):
        change = one.get("change", {})
        word = one.get("grade") or (change["before"] if change["after"] == "none" else change["after"])
        grade = Grade.named(word)
        over = not grade or change.get("after") == "none"
        found.append({
            "line": line.removeprefix("- "), "numeral": NUMERAL.get(grade, ""),
            "fill": LIGHT.bg if over else FILL.get(grade, LIGHT.edge),
            "on": LIGHT.ink2 if over else ON.get(grade, LIGHT.ink), "edge": LIGHT.edge if over else "",
        })  # fmt: skip
    return found


def _rest(payload: Mapping[str, Any]) -> list[str]:
    """The text without its first line, which is the subject, and without links, which are shown as such."""
    lines = str(payload["text"]).splitlines()[1:]
    links = [one["link"] for one in payload.get("answer", {}).get("each", ())]
    first = next((n for n, line in enumerate(lines) if any(link in line for link in links)), len(lines) + 1)
    return [line for line in lines[: first - 1] if line]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
