"""Stories of many areas at once: nine towns are one message, whatever happens on its way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.cycle import dispatch
from engine.model.act import ActKind
from engine.model.message import Delivery
from engine.store import acts, outbox
from tests.story.post_office import CA, PostOffice
from tests.story.timeline import SECRET, Story, story

TOWNS = [f"T{number}" for number in range(1, 10)]
AREAS = "code,name,zh,level,parent,population,aliases,kind\nC,The County,某县,county,,90000,,\n" + "".join(
    f"{town},Town {town[1]},{town[1]}镇,town,C,{10_000 * (10 - number)},,\n"
    for number, town in enumerate(TOWNS)
)  # fmt: skip
DUTY = "answers: {yellow: {within: 20m, remind: 5m, repeats: 3}}\n"
GIVEN = {"config/areas.csv": AREAS}


def nine(told: Story, many: Mapping[str, int] | None = None) -> None:
    """Two burglaries in each town, or as many as are named."""
    for town in TOWNS:
        told.push(town, "burglary", (many or {}).get(town, 2))


def test_nine_areas_are_one_message_with_the_gravest_first(tmp_path: Path) -> None:
    with story(tmp_path, files=GIVEN) as told:
        nine(told, {"T7": 4, "T2": 1})
        told.at("2 08:00")
        told.want(centre="issued orange in 9 areas")
        text = told.last("centre")["text"].splitlines()
        assert (
            text[0]
            == "[ORANGE warning] Burglaries in 9 areas: Town 7, Town 1, Town 3, Town 4, Town 5 and 4 more"
        )
        assert text[2].startswith("- orange: Town 7, 4 incidents, on 2026-03-02 (T7.burglary.")
        assert text[10].startswith("- blue: Town 2, 1 incident, on 2026-03-02 (")
        assert text.count("To do, in each of them:") == 1
        assert len([line for line in text if "Evening patrols" in line]) == 1
        assert [one["warning"]["area"] for one in told.last("centre")["areas"]][:2] == ["T7", "T1"]


def test_each_area_is_told_of_by_itself_to_whoever_hears_of_it_alone(tmp_path: Path) -> None:
    routes = "  - {id: all, receivers: [centre]}\n  - {id: t2, areas: [T2], receivers: [town]}\n"
    receivers = {"centre": "language: zh, ", "town": ""}
    with story(tmp_path, files=GIVEN, receivers=receivers, routes=routes) as told:
        nine(told)
        told.at("2 08:00")
        told.want(centre="issued yellow in 9 areas", town="issued yellow T2")
        assert told.last("centre")["subject"] == "【黄色预警】9地Burglaries：1镇、2镇、3镇、4镇、5镇等另4处"


def test_two_areas_are_two_messages(tmp_path: Path) -> None:
    with story(tmp_path, files=GIVEN) as told:
        told.push("T1", "burglary", 2)
        told.push("T2", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="issued yellow T1, issued yellow T2")


def test_they_are_reminded_of_and_lifted_as_one_and_whoever_answered_one_is_asked_of_the_rest(
    tmp_path: Path,
) -> None:
    with story(tmp_path, files=GIVEN | {"config/duty.yaml": DUTY}) as told:
        nine(told)
        told.at("2 08:00")
        told.do("acknowledge", "anna", on="T1.burglary", receiver="centre")
        told.at("2 08:06")
        told.want(centre="issued yellow in 9 areas, reminder yellow in 8 areas")
        line = told.last("centre")["subject"]
        assert line.startswith("Reminder 1: [YELLOW warning] Burglaries in 8 areas: Town 2, ")
        assert "Nobody has answered since" in told.last("centre")["text"]
        told.at("3 08:00")
        assert told.last("centre")["subject"].startswith("[Lifted] Burglaries is over in 9 areas: Town 1")


def test_a_receiver_that_is_down_gets_the_same_one_once(tmp_path: Path) -> None:
    with story(tmp_path, files=GIVEN) as told:
        told.post.down.add("centre")
        nine(told)
        told.at("2 08:00")
        told.want(centre="")
        with told.world.store.read() as tx:
            states = {one.state for one in outbox.listing(tx)}
        assert states == {Delivery.RETRY}
        told.post.down.clear()
        told.at("2 08:01")
        told.at("2 08:10")
        told.want(centre="issued yellow in 9 areas")
        with told.world.store.read() as tx:
            assert {(one.state, one.attempts) for one in outbox.listing(tx)} == {(Delivery.DELIVERED, 2)}
            member = outbox.listing(tx)[-1]
            assert [one.state for one in outbox.receipts(tx, member.key)] == ["retry", "delivered"]


def test_killed_between_sending_and_keeping_it_comes_again_with_the_same_key(tmp_path: Path) -> None:
    with story(tmp_path, files=GIVEN) as told:
        nine(told)
        told.killed_at("2 08:00")
        told.at("2 08:30")
        told.want(centre="issued yellow in 9 areas, issued yellow in 9 areas")
        first, again = told.post.got["centre"]
        assert first == again


def test_what_was_planned_by_itself_is_never_lost_among_others(tmp_path: Path) -> None:
    """A silence that ends frees one area, and later others: what is on its way alone stays so."""
    with story(tmp_path, files=GIVEN) as told:
        nine(told)
        told.at("2 08:00")
        with told.world.store.begin() as tx:
            every = outbox.listing(tx)
            members = [one for one in every if one.within]
            assert dispatch.post(told.world, tx, members[:3]) == 0
            fresh = outbox.new(tx, members)
        assert len(members) == 9 and fresh == []


def test_each_area_has_its_link_and_one_reply_reads_them_all(tmp_path: Path) -> None:
    with PostOffice().open() as office:
        engine = (
            "database: sqlite:///data/forewarn.db\n"
            f"public:\n  address: 'https://warn.example.org/'\n  secret: '${{{SECRET}}}'\n"
            "  mailbox: {address: answers@example.org, host: localhost, user: answers, "
            f"port: {office.port}, password: '${{{SECRET}}}', ca: {CA}}}\n"
        )
        files = GIVEN | {"config/duty.yaml": DUTY, "config/engine.yaml": engine}
        with story(tmp_path, files=files) as told:
            nine(told)
            told.at("2 08:00")
            message = told.last("centre")
            links = [line for line in message["text"].splitlines() if "https://warn.example.org/a/" in line]
            assert len(links) == 9 and links[0].startswith("- Town 1: ") and len(set(links)) == 9
            with told.world.store.read() as tx:
                (sent,) = [one for one in outbox.listing(tx) if not one.within]
            office.post(message["answer"]["reply"], "READ", In_Reply_To=f"<{sent.digest}@example.org>")
            told.at("2 08:01")
            with told.world.store.read() as tx:
                done = acts.every(tx, [ActKind.ACKNOWLEDGE])
            assert {one.warning.partition(".")[0] for one in done} == set(TOWNS)
            told.at("2 08:10")
            told.want(centre="issued yellow in 9 areas")
