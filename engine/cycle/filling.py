"""Forms that people fill in: the links to them, their places, and what was filled in as it is taken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.cycle.intake import Post
from engine.cycle.world import World
from engine.duty.link import FormLink, form_opened, form_token
from engine.model.area import AreaTree
from engine.model.feed import Feed
from engine.model.form import AREA, AT, KEY, Form, Kind, Question
from engine.model.text import Text
from engine.store import meta
from engine.store.database import Tx

#: No link holds for longer.
LONGEST = timedelta(days=400)
#: Before the feed, and after it the area whose links are taken back, and those below it.
REVOKED = "forms/"
#: A telephone's clock may be so far ahead.
_AHEAD = timedelta(minutes=10)
#: The key that a page gives a report: what is sent twice is one.
_KEY = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"[0-9]{1,9}")


class Wrong(Exception):
    """An answer that cannot be taken. why: a word of the page; facts: what it says."""

    def __init__(self, field: str, why: str, **facts: object) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why, self.facts = field, why, facts


@dataclass(frozen=True)
class Sheet:
    """A form as it is put before somebody: the feed, and the places that they may choose."""

    feed: Feed
    form: Form
    #: The places by what lies right above them, in the order of their codes.
    groups: Sequence[tuple[Text, Mapping[str, Text]]]

    def holds(self, code: str) -> bool:
        return any(code in places for _, places in self.groups)


def sheet(world: World, feed: str, area: str) -> Sheet | None:
    """The form of a feed for the places in or below an area ("" for all of it); None where there is none."""
    of = world.settings.feeds.get(feed)
    form = world.settings.forms.get(of.options.form) if of is not None and of.filled_in else None
    if of is None or form is None:
        return None
    tree, groups = world.settings.tree, dict[str, dict[str, Text]]()
    for code in _places(tree, form, area):
        groups.setdefault(tree[code].parent or code, {})[code] = tree[code].name
    named = [(tree[above].name, places) for above, places in groups.items()]
    return Sheet(of, form, named) if named else None


def _places(tree: AreaTree, form: Form, area: str) -> list[str]:
    found = {code for top in form.areas for code in tree.below(top) if tree[code].level == form.level}
    return sorted(code for code in found if not area or area in tree.lineage(code))


def post(world: World, of: Sheet, given: Mapping[str, str]) -> Post:
    """What somebody filled in, as it is taken; raises Wrong for the first answer that is none."""
    record: dict[str, Any] = {}
    if not _KEY.fullmatch(key := given.get(KEY, "")):
        raise Wrong(KEY, "no form")
    record[KEY] = key
    if not of.holds(area := given.get(AREA, "")):
        raise Wrong(AREA, "need place")
    record[AREA] = area
    record[AT] = _moment(world, of.form, given.get(AT, "")).isoformat()
    for question in of.form.questions:
        answer = _answer(question, given.get(question.id, "").strip())
        if answer is not None:
            record[question.id] = answer
    return Post(of.feed.id, "json", json.dumps(record, ensure_ascii=False).encode())


def _moment(world: World, form: Form, text: str) -> datetime:
    now = world.clock()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(AT, "need moment") from None
    at = at if at.tzinfo else at.replace(tzinfo=world.settings.calendar.zone)
    if at > now + _AHEAD:
        raise Wrong(AT, "moment ahead")
    if at < now - form.back:
        raise Wrong(AT, "moment long ago", days=max(1, form.back.days))
    return at


def _answer(question: Question, text: str) -> str | int | None:
    """What is reported; None where nothing was said."""
    if not text:
        if question.needed:
            raise Wrong(question.id, "need answer")
        return None
    if question.kind is Kind.CHOICE and text not in question.choices:
        raise Wrong(question.id, "need answer")
    if question.kind is Kind.NUMBER:
        if not _NUMBER.fullmatch(text) or not question.least <= int(text) <= question.most:
            raise Wrong(question.id, "need number", least=question.least, most=question.most)
        return int(text)
    if len(text) > question.most:
        raise Wrong(question.id, "too long", most=question.most)
    return text


def address(world: World, link: FormLink) -> str:
    """Where the link leads."""
    public = world.settings.engine.public
    assert public is not None, "links are given where there is a page to lead to"
    return f"{str(public.address).rstrip('/')}/f/{form_token(link, public.secret.get_secret_value())}"


def open_(world: World, tx: Tx, text: str) -> Sheet | str:
    """The form that the token of a link opens, or why it opens none: `unknown`, `revoked` or `over`."""
    public = world.settings.engine.public
    link = form_opened(text, public.secret.get_secret_value()) if public else None
    if link is None:
        return "unknown"
    if revoked(world, tx, link):
        return "form revoked"
    found = sheet(world, link.feed, link.area)
    return "form over" if found is None or world.clock() >= link.until else found


def revoke(tx: Tx, feed: str, area: str, now: datetime) -> None:
    """No link to the form, on the area or one below it ("" for any), that was given until now opens it."""
    meta.put(tx, f"{REVOKED}{feed}/{area}", now.astimezone(UTC).isoformat())


def revoked(world: World, tx: Tx, link: FormLink) -> bool:
    tree = world.settings.tree
    above = tree.lineage(link.area) if link.area in tree else (link.area,)
    marks = (meta.get(tx, f"{REVOKED}{link.feed}/{area}") for area in {"", *above})
    return any(mark is not None and link.at <= datetime.fromisoformat(mark) for mark in marks)


def revocations(tx: Tx) -> list[tuple[str, str, datetime]]:
    """(feed, area or "", until when given) of every revocation."""
    found = []
    for key, mark in meta.like(tx, REVOKED).items():
        feed, _, area = key.removeprefix(REVOKED).partition("/")
        found.append((feed, area, datetime.fromisoformat(mark)))
    return found
