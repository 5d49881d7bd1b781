"""Chains of alerts: who stands in whose place, however they name each other and whenever they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.ingest import batch, chain
from engine.ingest.graph import Graph
from engine.ingest.normalise import Context
from engine.model.alert import Alert, Info, Kind, Reference
from engine.model.feed import Feed, Fetch
from engine.model.incident import Incident, Reject

BEGIN = datetime(2026, 3, 8, 6, tzinfo=UTC)
MAP: dict[str, Any] = {
    "source_id": "id", "occurred_at": "sent", "known_at": "sent",
    "category": {"field": "event", "scheme": "desk"},
    "place": [
        {"code": "geocode.C"}, {"shape": ["polygon", "circle"], "level": "county"}, {"name": "areaDesc"},
    ],
}  # fmt: skip
UNDATED = {**MAP, "known_at": None}
Area = dict[str, Any]


def at(minutes: int) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def code(*codes: str) -> Area:
    return {"areaDesc": ["somewhere"], "polygon": [], "circle": [], "geocode": {"C": list(codes)}}


def info(*areas: str | Area, language: str = "en", event: str = "Brand", **fields: Any) -> Info:
    told = tuple(area if isinstance(area, dict) else code(area) for area in areas)
    return Info(language, {"event": event, "language": language, **fields}, told)


def alert(
    identifier: str, minutes: int, *infos: Info, kind: Kind = Kind.ALERT, names: Sequence[Alert] = (),
    sender: str = "met@x", **more: Any,
) -> Alert:  # fmt: skip
    sent = at(minutes)
    head = {"identifier": identifier, "sent": sent.isoformat(), "msgType": kind.value}
    named = tuple(Reference(one.name, one.sent) for one in names)
    return Alert(name=f"{sender},{identifier}", identifier=identifier, sent=sent, kind=kind, references=named,
                 head=head, infos=infos, place=f"alert {identifier}", **more)  # fmt: skip


def update(identifier: str, minutes: int, names: Sequence[Alert], *infos: Info, **more: Any) -> Alert:
    return alert(identifier, minutes, *infos, kind=Kind.UPDATE, names=names, **more)


def cancel(identifier: str, minutes: int, *names: Alert, **more: Any) -> Alert:
    return alert(identifier, minutes, kind=Kind.CANCEL, names=names, **more)


class Watcher:
    """What polls told, one after the other, and what is in force of it."""

    def __init__(self, feed: Feed, context: Context) -> None:
        self.feed, self.context = feed, context
        self.graph = Graph()
        self.rejects: list[Reject] = []
        self.told: list[Incident] = []

    def poll(self, *alerts: Alert) -> Watcher:
        # As the store does it: a poll sees what was kept, and nothing that a poll before it held in hand.
        self.graph = Graph(deepcopy(list(self.graph.members.values())))
        records = chain.followed(Fetch((), alerts=alerts), self.feed, self.context, self.graph).records
        for one in batch.read(records, self.feed, self.context, at(100_000 + len(self.told))):
            (self.told if isinstance(one, Incident) else self.rejects).append(one)  # type: ignore[arg-type]
        return self

    def in_force(self) -> dict[str, tuple[str, ...]]:
        latest: dict[str, Incident] = {}
        for one in self.told:
            before = latest.get(one.source_id)
            if before is None or before.known_at <= one.known_at:
                latest[one.source_id] = one
        return {name: one.areas for name, one in latest.items() if not one.withdrawn}

    @property
    def areas(self) -> list[str]:
        return sorted(area for areas in self.in_force().values() for area in areas)


Watch = Callable[..., Watcher]


@pytest.fixture
def watch(feed: Callable[..., Feed], context: Context) -> Watch:
    return lambda **changes: Watcher(feed(**{**MAP, **changes}), context)


A = alert("A", 0, info("A1"))
B = alert("B", 5, info("B1"))


def test_an_update_that_names_only_the_last_stands_in_the_place_of_all(watch: Watch) -> None:
    second = update("A2", 10, [A], info("A1"))
    third = update("A3", 20, [second], info("A1", event="Skogsbrand"))
    found = watch().poll(A).poll(second).poll(third)
    assert found.in_force() == {"A": ("A1",)}
    assert found.told[-1].category == "fire.wood"


def test_an_update_that_names_only_the_first_stands_in_the_place_of_all(watch: Watch) -> None:
    found = watch().poll(A, update("A2", 10, [A], info("A2")), update("A3", 20, [A], info("A2")))
    assert found.in_force() == {"A": ("A2",)}


def test_an_alert_of_several_entries_is_one_with_all_their_areas(watch: Watch) -> None:
    east, west = alert("A", 0, info("A1")), alert("A", 0, info("B1"))
    assert watch().poll(east, west, east).in_force() == {"A": ("A1", "B1")}
    other = info("B1", event="Mordbrand")
    found = watch().poll(alert("A", 0, info("A1"), expires=at(60)), alert("A", 0, other, expires=at(90)))
    assert found.in_force() == {"A": ("A1",), "A#2": ("B1",)}
    assert [one.expires for one in found.graph.members.values()] == [at(90)]


def test_what_an_update_says_no_more_is_withdrawn(watch: Watch) -> None:
    both = alert("A", 0, info("A1"), info("A2", event="Mordbrand"))
    found = watch().poll(both)
    assert found.in_force() == {"A": ("A1",), "A#2": ("A2",)}
    found.poll(update("U", 10, [both], info("A2", event="Mordbrand")))
    assert found.in_force() == {"A#2": ("A2",)}
    assert found.poll(update("V", 20, [both], info("A1"))).areas == ["A1"]


def test_a_cancel_takes_back_all_of_all_it_names(watch: Watch) -> None:
    both = alert("A", 0, info("A1"), info("A2", event="Mordbrand"))
    assert watch().poll(both, B).poll(cancel("C", 10, both, B)).in_force() == {}


@pytest.mark.parametrize("named", [[A], [A, update("U", 10, [A], info("A2"))]])
def test_a_cancel_reaches_what_followed_on_what_it_names(
    watch: Watch, named: list[Alert]
) -> None:
    found = watch().poll(A, update("U", 10, [A], info("A2")), B).poll(cancel("C", 20, *named))
    assert found.areas == ["B1"]


@pytest.mark.parametrize("mapping", [MAP, UNDATED])
def test_an_alert_that_comes_after_its_cancel_is_withdrawn_at_once(
    feed: Callable[..., Feed], context: Context, mapping: dict[str, Any]
) -> None:
    found = Watcher(feed(**mapping), context).poll(cancel("C", 10, A))
    assert found.in_force() == {}
    assert found.poll(A).in_force() == {}


def test_where_nothing_says_when_a_record_became_known_an_overtaken_one_is_no_news(
    feed: Callable[..., Feed], context: Context
) -> None:
    later = update("U", 10, [A], info("A2"))
    found = Watcher(feed(**UNDATED), context).poll(later).poll(A)
    assert found.in_force() == {"A": ("A2",)}
    assert found.poll(later, A).in_force() == {"A": ("A2",)}


def test_an_update_of_two_events_continues_both(watch: Watch) -> None:
    found = watch().poll(A).poll(B).poll(update("M", 10, [A, B], info("A1"), info("B1", event="Mordbrand")))
    assert found.in_force() == {"A": ("A1",), "B": ("B1",)}
    assert found.poll(update("N", 20, [B], info("A2"))).areas == ["A2"]


def test_two_messages_of_one_moment_share_what_they_name(watch: Watch) -> None:
    """An office splits a warning: one half goes on, the other is cancelled, both at once."""
    both = alert("A", 0, info("A1"), info("A2", event="Mordbrand"))
    half = update("U", 10, [both], info("A2", event="Mordbrand"))
    assert watch().poll(both, half, cancel("C", 10, both)).areas == ["A2"]
    assert watch().poll(both, half, update("V", 10, [both], info("A1"))).areas == ["A1", "A2"]


def test_moments_that_are_copied_badly_still_name_the_message(watch: Watch) -> None:
    wrong = alert("A", -60)  # local time taken for UTC
    assert watch().poll(A, cancel("C", 10, wrong)).in_force() == {}
    assert watch().poll(cancel("C", 10, wrong)).poll(A).in_force() == {}


def test_an_identifier_that_comes_again_much_later_is_another_alert(watch: Watch) -> None:
    day = 24 * 60
    again = alert("A", 40 * day, info("A2"))
    found = watch().poll(cancel("C", 10, A)).poll(again)
    assert found.areas == ["A2"]
    first = alert("A", 0, info("A1"), expires=at(120))
    assert watch().poll(first).poll(again).areas == ["A1", "A2"]


def test_a_cancel_of_the_first_of_two_with_one_identifier_leaves_the_second(watch: Watch) -> None:
    first = alert("A", 0, info("A1"), expires=at(120))
    second = alert("A", 600, info("A2"), expires=at(900))
    assert watch().poll(cancel("C", 10, first)).poll(first, second).areas == ["A2"]


def test_an_alert_sent_again_under_its_identifier_while_it_holds_is_the_same(
    watch: Watch
) -> None:
    first = alert("A", 0, info("A1"), expires=at(120))
    assert watch().poll(first).poll(alert("A", 60, info("A2"))).in_force() == {"A": ("A2",)}


def test_the_same_identifier_of_two_senders_is_two_alerts(watch: Watch) -> None:
    other = alert("A", 3, info("B1"), sender="other@y")
    found = watch().poll(A).poll(other)
    assert found.areas == ["A1", "B1"]
    assert found.poll(cancel("C", 10, other, sender="other@y")).areas == ["A1"]
    assert watch().poll(A, other).areas == ["A1", "B1"]


def test_clocks_that_differ_do_not_turn_the_order(watch: Watch) -> None:
    assert watch().poll(A, cancel("C", -3, A)).in_force() == {}
    assert watch().poll(A, update("U", -3, [A], info("A2"))).areas == ["A2"]


def test_messages_that_name_each_other_in_a_circle_end(watch: Watch) -> None:
    first = update("X", 0, [alert("Y", 1)], info("A1"))
    second = update("Y", 1, [first], info("A2"))
    assert len(watch().poll(first, second).areas) == 1


def test_a_message_read_again_with_other_contents_is_told_anew(watch: Watch) -> None:
    found = watch().poll(alert("A", 0, info("A1"), info("A2", event="Mordbrand")))
    assert found.poll(alert("A", 0, info("A2", event="Mordbrand"))).in_force() == {"A#2": ("A2",)}


def test_what_the_mapping_skips_takes_no_place(watch: Watch) -> None:
    skip = {"field": "event", "equals": "Övergrepp"}
    found = watch(skip=skip).poll(A).poll(update("U", 10, [A], info("A1", event="Övergrepp")))
    assert found.in_force() == {} and not found.rejects


def test_an_update_that_cannot_be_placed_leaves_what_it_names_in_force(watch: Watch) -> None:
    found = watch().poll(A).poll(update("U", 10, [A], info("nowhere")))
    assert found.in_force() == {"A": ("A1",)}
    assert "no area with the code 'nowhere'" in found.rejects[0].reason


# --- what one message says ---------------------------------------------------------------------


def test_infos_that_say_the_same_of_several_areas_are_one_incident(watch: Watch) -> None:
    assert watch().poll(alert("A", 0, info("A1"), info("A2"))).in_force() == {"A": ("A1", "A2")}
    differing = alert("A", 0, info("A1", severity="Minor"), info("A2", severity="Severe"))
    assert watch().poll(differing).in_force() == {"A": ("A1",), "A#2": ("A2",)}


@pytest.mark.parametrize("second", [
    info("A1", language="sv", event="Skogsbrand"),
    info({**code(), "areaDesc": ["Ås"]}, language="sv", event="Skogsbrand"),
    info({**code(), "areaDesc": ["Okänt"]}, language="sv", event="Skogsbrand"),
    info("A1", language="en-GB"),
])  # fmt: skip
def test_an_area_told_in_two_languages_counts_once(watch: Watch, second: Info) -> None:
    first = info({**code(), "areaDesc": ["Aas"]})
    found = watch().poll(alert("A", 0, first, second))
    assert found.in_force() == {"A": ("A1",)} and not found.rejects


@pytest.mark.parametrize("language", ["sv", "en-GB", "en"])
def test_an_area_told_only_in_another_language_is_not_lost(
    watch: Watch, language: str
) -> None:
    both = alert("A", 0, info("A1"), info("A1", "A2", language=language, event="Mordbrand"))
    assert set(watch().poll(both).areas) == {"A1", "A2"}


def test_the_language_asked_for_goes_first(watch: Watch) -> None:
    infos = info("A1"), info("A1", language="sv-SE", event="Skogsbrand")
    assert watch().poll(alert("A", 0, *infos, asked="sv")).told[0].category == "fire.wood"
    assert watch().poll(alert("A", 0, *infos, asked="fr")).told[0].category == "fire"


GOOD, BAD = "50,10.5 51,10.5 51,11 50,10.5", "50,12.5"


def drawn(*polygons: str, circle: str = "", codes: Sequence[str] = ()) -> Area:
    circles = [circle] if circle else []
    return {**code(*codes), "areaDesc": ["x"], "polygon": list(polygons), "circle": circles}


@pytest.mark.parametrize(
    ("area", "placed", "lost"),
    [
        (drawn(GOOD, BAD, circle="51,13"), ["A"], 2),
        (drawn(BAD, codes=["A1"]), ["A1"], 1),
        (drawn(GOOD), ["A"], 0),
    ],
)
def test_a_bad_polygon_costs_only_itself(watch: Watch, area: Area, placed: list[str], lost: int) -> None:
    told = alert("A", 0, info(area))
    found = watch().poll(told)
    assert (found.areas, found.rejects) == (placed, [])
    noted = chain.followed(Fetch((), alerts=(told,)), found.feed, found.context, Graph()).lost
    assert noted == ({"polygon or circle": lost} if lost else {})


def test_an_area_that_cannot_be_placed_without_its_polygon_is_a_reject_of_its_day_and_kind(
    watch: Watch,
) -> None:
    found = watch().poll(alert("A", 0, info("A1", drawn(BAD))))
    assert found.areas == ["A1"]
    (reject,) = found.rejects
    assert reject.reason.startswith("a polygon of x is left out")
    assert (reject.kind, reject.category, reject.area) == ("place", "fire", None)
    assert (reject.day, reject.source_id) == (at(0).toordinal(), "A")


def test_each_area_is_placed_by_the_first_attempt_that_places_it(watch: Watch) -> None:
    area = {**code("unknown"), "polygon": ["50,12.5 51,12.5 51,13 50,12.5"]}
    assert watch().poll(alert("A", 0, info("A1", area))).in_force() == {"A": ("A1", "B")}


# --- any order ---------------------------------------------------------------------------------

_AREAS = ("A1", "A2", "B1")
_EVENTS = ("Brand", "Mordbrand", "Skogsbrand")


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Alert], list[str]]:
    """A chain whose messages each name some of those before, the last or a line to it among them, and
    the areas in force at its end."""
    told: list[Alert] = []
    for number in range(draw(st.integers(1, 6))):
        areas = draw(st.lists(st.sampled_from(_AREAS), min_size=1, unique=True))
        infos = [info(area, event=event) for area, event in zip(areas, _EVENTS, strict=False)]
        last = number > 0 and draw(st.booleans())
        names = [told[-1], *draw(st.lists(st.sampled_from(told), max_size=2))] if told else []
        if told and draw(st.booleans()):
            names = [told[0]]
        if last:
            told.append(cancel(f"m{number}", 10 * number, *names))
            return told, []
        told.append(update(f"m{number}", 10 * number, names, *infos))
    return told, sorted(areas)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories(), data=st.data())
def test_whatever_the_order_of_arrival_the_end_of_a_chain_is_in_force(
    feed: Callable[..., Feed], context: Context, story: tuple[list[Alert], list[str]], data: st.DataObject
) -> None:
    messages, areas = story
    for mapping in (MAP, UNDATED):
        arriving = data.draw(st.permutations(messages))
        found = Watcher(feed(**mapping), context)
        while arriving:
            several = data.draw(st.integers(1, len(arriving)))
            found.poll(*arriving[:several])
            arriving = arriving[several:]
        assert found.areas == areas
        again = Watcher(found.feed, context).poll(*messages)
        assert again.areas == areas
