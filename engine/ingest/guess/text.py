"""A draft as text for config/feeds.yaml, with its remarks as comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.ingest.guess.draft import Draft
from engine.ingest.guess.part import Part

_WIDTH = 100
_ALWAYS = "  # it tells of a long time: with nothing in it, something is wrong with it (not_empty)"


@dataclass(frozen=True)
class Head:
    """What an entry says beside its mapping: the feed's id, how it is read, where it lies."""

    id_: str
    connector: str
    options: Mapping[str, Any]
    root: str
    remarks: tuple[str, ...] = ()


def entry(of: Draft, head: Head, mask: Callable[[str], str]) -> str:
    """One feed of `feeds:`, with its two blanks before it; `mask` hides what a remark quotes of somebody."""
    title = {"en": head.id_, "zh": head.id_}
    lines = [
        *(f"# {line}" for remark in head.remarks for line in _folded(mask(remark))),
        f"- id: {flow(head.id_)}", f"  title: {flow(title)}", f"  connector: {head.connector}",
        f"  subject: {of.subject}", *([_ALWAYS] if "not_empty" in head.options else []),
        f"  options: {flow(dict(head.options))}",
        "  # how often it is asked, and after which silence nobody may take it for quiet",
        "  poll: 1h", f"  max_silence: {of.max_silence.days}d",
        "  # under which licence, and where it comes from: fill in", "  licence: ''", "  source: ''",
        "  covers:", f"    areas: [{flow(head.root)}]", f"    categories: {flow(list(of.categories))}",
        f"    from: {of.begins:%Y-%m-%d}", "  map:",
        *(f"    {line}" for part in of.parts for line in _part(part, mask)),
    ]  # fmt: skip
    return "".join(f"  {line}\n" for line in lines)


def _part(part: Part, mask: Callable[[str], str]) -> Iterator[str]:
    yield from (f"# {line}" for remark in part.remarks for line in _folded(mask(remark)))
    value = part.value
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        yield f"{part.key}:"
        yield from (f"  - {flow(one)}" for one in value)
    elif isinstance(value, dict) and "table" in value:
        yield f"{part.key}:"
        yield f"  field: {flow(value['field'])}"
        yield "  table:"
        yield from (
            f"    {flow(key)}: {flow(code)}  # {part.beside[key]}" for key, code in value["table"].items()
        )
        yield f"  otherwise: {flow(value['otherwise'])}"
    else:
        yield f"{part.key}: {flow(value)}"


def flow(value: Any) -> str:
    """A value on one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")


def _folded(text: str) -> Iterator[str]:
    """A remark on lines of its own: nothing in it ends the comment."""
    words, line = " ".join(text.split()).split(" "), ""
    for word in words:
        if line and len(line) + len(word) >= _WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield line
