"""A message in the words of an operator's template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.model.message import Notification
from engine.model.text import Text
from engine.notify.message import one_line
from engine.notify.payload import FORMAT, canonical
from engine.notify.template.language import BadTemplate, check, render

_SAMPLES = Path(__file__).with_name("samples.json")


@dataclass(frozen=True, slots=True)
class Template:
    """What an operator wrote, in each language."""

    id: str
    subject: Text
    text: Text


def dressed(note: Notification, template: Template) -> Notification:
    """The message in the template's words; raises BadTemplate. What is no message about a warning stays."""
    payload = json.loads(note.payload)
    if payload.get("format") != FORMAT or payload.get("exercise"):
        return note
    subject, text = said(template, payload)
    told = payload | {"subject": subject, "text": text, "template": template.id}
    return replace(note, subject=subject, body=text, payload=canonical(told))


def said(template: Template, payload: Mapping[str, Any]) -> tuple[str, str]:
    """The subject and the text; raises BadTemplate."""
    facts = {
        **payload["told"], "text": payload["text"], "step": payload["step"], "change": payload["change"],
        "warning": payload["warning"], "figures": payload["evidence"], "measures": payload["measures"],
        "receiver": payload["receiver"],
    }  # fmt: skip
    language = payload["language"]
    subject = one_line(render(template.subject.say(language), facts))
    return subject, render(template.text.say(language), facts | {"subject": subject}) + "\n"


def faults(template: Template) -> Iterator[tuple[str, str, str]]:
    """(part, language, sentence) for everything that is wrong with a template: as it is written, and as it
    would tell of what begins and of what ends."""
    for part, written in (("subject", template.subject), ("text", template.text)):
        for language in ("en", "zh"):
            try:
                check(written.say(language))
                for payload in samples(language):
                    said(replace(template, subject=written, text=written), payload)
            except BadTemplate as error:
                yield part, language, str(error)


@cache
def _read() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(_SAMPLES.read_text(encoding="utf-8")))


def samples(language: str) -> list[dict[str, Any]]:
    """Messages to try a template with: of a rise, with everything that may stand in it, and of an end."""
    return [one for one in _read() if one["language"] == language]
