"""What is published: chains, identifiers, shapes, documents of every kind, the folder and its index."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon

from engine.errors import DeliveryError
from engine.model.alert import Kind
from engine.model.finding import Finding, Held, RungTrace, Signal, Trace
from engine.model.grade import RUNGS, Confidence, Domain, Grade
from engine.model.message import Notification
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.cap import atom, identifier
from engine.notify.cap.chain import REACH, Published, following, named, unexpired
from engine.notify.cap.content import certainty
from engine.notify.cap.folder import Folder, filename
from engine.notify.cap.moment import written
from engine.notify.cap.plan import Feed, Subject, following_message, published
from engine.notify.cap.polygon import MOST_PARTS, MOST_POINTS, rings
from engine.notify.cap.publisher import Publisher
from engine.notify.cap.validate.document import validate
from engine.notify.channels import cap
from engine.notify.evidence import evidence, tasks
from engine.notify.message import Story
from engine.notify.reference import Reference
from tests.notify.cap.test_signature import keeper
from tests.notify.conftest import TAXONOMY, TREE, rule

AT = datetime(2026, 3, 8, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def message(number: int, kind: Kind, sent: int, expires: int, digest: str = "a") -> Published:
    return Published(
        number=number, identifier=str(number), kind=kind, sent=AT + sent * HOUR, expires=AT + expires * HOUR,
        grade=Grade.BLUE, digest=digest,
    )  # fmt: skip


ALERT = message(1, Kind.ALERT, 0, 24)
UPDATE = message(2, Kind.UPDATE, 12, 36)
CANCEL = message(3, Kind.CANCEL, 20, 36)


@pytest.mark.parametrize(
    "chain, hour, stands, digest, expires, kind, named",
    [
        ([], 0, True, "a", 24, Kind.ALERT, []),
        ([], 0, False, "a", 24, None, []),
        ([ALERT], 6, True, "a", 24, None, [1]),
        ([ALERT], 6, True, "b", 24, Kind.UPDATE, [1]),
        ([ALERT], 12, True, "a", 36, Kind.UPDATE, [1]),
        ([ALERT, UPDATE], 20, False, "a", 36, Kind.CANCEL, [1, 2]),
        ([ALERT, UPDATE], 25, True, "b", 48, Kind.UPDATE, [2]),
        ([ALERT, UPDATE], 40, True, "a", 64, Kind.ALERT, []),
        ([ALERT, UPDATE], 40, False, "a", 64, None, []),
        ([ALERT, UPDATE, CANCEL], 21, True, "a", 48, Kind.ALERT, []),
        ([ALERT, UPDATE, CANCEL], 21, False, "a", 48, None, []),
    ],
)
def test_what_comes_next_in_a_chain(
    chain: list[Published], hour: int, stands: bool, digest: str, expires: int, kind: Kind, named: list[int]
):
    at = AT + hour * HOUR
    assert following(chain, at, stands=stands, digest=digest, expires=AT + expires * HOUR) is kind
    assert [one.number for one in unexpired(chain, at)] == named


def test_a_message_names_all_that_holds_and_the_last_of_what_does_not():
    chain = [ALERT, *(message(n, Kind.UPDATE, n, n + 2) for n in range(2, 30))]
    assert [one.number for one in named(chain, AT + 30 * HOUR)] == list(range(20, 30))
    long = [ALERT, *(message(n, Kind.UPDATE, n, n + 40) for n in range(2, 30))]
    assert [one.number for one in named(long, AT + 30 * HOUR)] == list(range(2, 30))
    again = [*chain, message(30, Kind.ALERT, 80, 90)]
    assert [one.number for one in named(again, AT + 81 * HOUR)] == [30]
    assert REACH == 10


def test_a_body_has_ten_identifiers_a_second():
    sequence = identifier.Sequence("33010041600000")
    given_ = [sequence.following(AT) for _ in range(25)]
    assert given_[0] == (AT, "33010041600000_20260308150000_0")
    assert [moment - AT for moment, _ in given_] == [timedelta(seconds=n // 10) for n in range(25)]
    names = [name for _, name in given_]
    assert names == sorted(names) and len(set(names)) == 25 and {len(name) for name in names} == {31}
    assert (
        identifier.Sequence("33010041600000", names[-1]).following(AT)[1] == "33010041600000_20260308150002_5"
    )
    assert sequence.following(AT + HOUR)[1].endswith("_20260308160000_0")


def test_identifiers_hold_nothing_that_parts_references():
    assert identifier.own("public feed.cap", "a,b<c>&d.1", 2) == "public_feed.cap.a_b_c__d.1.2"


def test_moments_are_written_with_their_offset():
    assert written(AT, ZoneInfo("UTC")) == "2026-03-08T07:00:00-00:00"
    assert written(AT.replace(microsecond=5), ZoneInfo("Asia/Shanghai")) == "2026-03-08T15:00:00+08:00"


def crown(points: int, x: float, y: float, size: float, jagged: float) -> Polygon:
    from math import cos, pi, sin

    corners = [
        (x + r * cos(2 * pi * n / points), y + r * sin(2 * pi * n / points))
        for n in range(points) for r in [size * (1 if n % 2 else 1 - jagged)]
    ]  # fmt: skip
    return Polygon(corners)


@given(st.integers(3, 900), st.floats(-170, 170), st.floats(-80, 80), st.floats(1e-5, 5), st.floats(0, 0.95))
def test_shapes_are_few_closed_valid_points(points: int, x: float, y: float, size: float, jagged: float):
    (ring,) = rings(crown(points, x, y, size, jagged))
    assert ring[0] == ring[-1] and 4 <= len(ring) <= MOST_POINTS
    polygon = Polygon([(lon, lat) for lat, lon in ring])
    assert polygon.is_valid and polygon.area > 0
    assert polygon.buffer(0.2 * size + 1e-3).intersects(Point(x, y))


def test_the_largest_parts_are_told_and_specks_are_not():
    parts = [crown(8, 2 * n, 0, 0.1 + 0.01 * n, 0) for n in range(30)]
    found = rings(MultiPolygon([*parts, crown(8, 0, 50, 1e-5, 0)]))
    assert len(found) == MOST_PARTS and found[0][0][1] > 57
    assert len(rings(MultiPolygon([parts[0], crown(8, 0, 50, 1e-5, 0)]))) == 1


PUBLISHER = Publisher(
    sender="duty@example.org", name="Duty centre", web="https://example.org/", contact="duty"
)
FEED = Feed(receiver="public", channel="cap", language="en", publisher=PUBLISHER)


def finding(test: str, grade: Grade, domain: Domain) -> Finding:
    signal = Signal(test, Held.HELD, 7.0, expected=2.1 if test != "at_least" else None, needed=6.0)
    trace = Trace(
        rule="burglary-surge", rule_hash="h", area="03", window=("2026-03-01", "2026-03-08"), observed=7.0,
        rungs=(RungTrace(grade, Held.HELD, (signal,)),),
    )  # fmt: skip
    return Finding(
        rule="burglary-surge", rule_hash="h", area="03", topic="burglary", domain=domain, cycle="daily",
        period="2026-03-07", at=AT, grade=grade, trace=trace,
    )  # fmt: skip


def subject(
    grade: Grade, domain: Domain = Domain.SAFETY, step: Step = Step.ISSUED, test: str = "farrington",
    confidence: Confidence = Confidence.HIGH, title: str = "Burglary surge",
) -> Subject:  # fmt: skip
    reference = Reference(
        tree=TREE, topics={}, rules={"burglary-surge": rule()}, taxonomy=TAXONOMY, labels={},
        zone=ZoneInfo("Europe/Stockholm"),
    )  # fmt: skip
    over = step is not Step.ISSUED
    warning = RiskWarning(
        id="03.burglary.d20260305", area="03", topic="burglary", domain=domain,
        grade=Grade.NONE if over else grade, score=10.0, confidence=confidence, title_en=title,
        title_zh="入室盗窃激增", since=AT - 24 * HOUR, judged_at=AT, rules=("burglary-surge",),
        lifted_at=AT if over else None,
    )  # fmt: skip
    change = Change(
        warning=warning.id, step=step, at=AT, before=grade if over else Grade.NONE,
        after=Grade.NONE if over else grade, reason="", by="daily/2026-03-07",
    )  # fmt: skip
    found = () if over else (finding(test, grade, domain),)
    story = Story(
        change=change, warning=warning, evidence=evidence(warning, found, reference),
        tasks=() if over else tasks(change, warning, reference), reference=reference, sensitive=False,
    )  # fmt: skip
    shape = rings(crown(400, 17.6, 59.9, 0.5, 0.3))
    return Subject(story=story, findings=found, cycle=Cycle.DAILY, expires=AT + 26 * HOUR, polygons=shape)


def chained(*subjects: Subject, feed: Feed = FEED) -> list[Notification]:
    """The messages that tell these one after the other, an hour apart."""
    chain: list[Published] = []
    told: list[Notification] = []
    for nth, one in enumerate(subjects):
        found = following_message(feed, chain, one, AT + nth * HOUR, None)
        if found is not None:
            told.append(found)
            chain.append(published(json.loads(found.payload)))
    return told


def document(one: Notification, feed: Feed = FEED) -> bytes:
    from engine.notify.cap.document import document as make

    return make(json.loads(one.payload), feed.publisher)


def grave(content: bytes) -> list[str]:
    found = validate("a", content, [], datetime(2026, 4, 1, tzinfo=UTC)).problems
    return [str(one) for one in found if one.level > Level.HINT]


@pytest.mark.parametrize("domain", Domain)
@pytest.mark.parametrize("grade", RUNGS)
@pytest.mark.parametrize("end", [Step.LIFTED, Step.EXPIRED])
def test_every_document_passes(domain: Domain, grade: Grade, end: Step):
    first, *_, last = told = chained(
        subject(grade, domain), subject(Grade.BLUE, domain), subject(grade, domain, end)
    )
    assert [said for one in told for said in grave(document(one))] == []
    text = document(first).decode()
    severity = {Grade.RED: "Extreme", Grade.ORANGE: "Severe", Grade.YELLOW: "Moderate", Grade.BLUE: "Minor"}[
        grade
    ]
    assert text.count(f"<severity>{severity}<") == 2
    assert f"<value>{grade.value}; {grade.word}; " in text
    advisory = domain is not Domain.SAFETY
    assert ("<scope>Restricted<" in text) == ("not statutory" in text) == advisory
    assert ("AllClear" in document(last).decode()) == (end is Step.LIFTED)
    assert ("unknown, not over" in document(last).decode()) == (end is Step.EXPIRED)
    assert [len(json.loads(one.payload)["references"]) for one in told] == list(range(len(told)))


def test_long_and_odd_names_stay_in_their_place():
    title = "Surge <b>of</b> \x00\u202e burglaries & thefts " * 8
    (one,) = chained(subject(Grade.RED, title=title))
    content = document(one)
    found = validate("a", content, [], datetime(2026, 4, 1, tzinfo=UTC)).problems
    assert {p.name for p in found if p.level > Level.HINT} <= {"html"}, "an operator's own words"
    assert b"\x00" not in content and "\u202e" not in content.decode()


@pytest.mark.parametrize(
    "test, confidence, expected",
    [
        ("at_least", Confidence.HIGH, "Observed"), ("farrington", Confidence.HIGH, "Likely"),
        ("forecast", Confidence.HIGH, "Possible"), ("at_least", Confidence.LOW, "Possible"),
    ],
)  # fmt: skip
def test_certainty_follows_the_evidence(test: str, confidence: Confidence, expected: str):
    of = subject(Grade.BLUE, test=test, confidence=confidence)
    assert certainty(of.story, of.findings) == expected


def test_the_same_plan_twice_is_the_same_message_and_bytes():
    one, other = chained(subject(Grade.RED)), chained(subject(Grade.RED))
    assert one == other and document(one[0]) == document(other[0])


def options(path: Path, **more: object) -> cap.Options:
    return cap.Options.model_validate({
        "path": path, "sender": "duty@example.org", "sender_name": "Duty centre", "web": "https://example.org/",
        "contact": "duty", **more,
    })  # fmt: skip


def listed(folder: Path) -> list[str]:
    return [one.file for one in atom.read((folder / "index.atom").read_bytes()) or []]


def test_the_channel_writes_documents_and_index_once(tmp_path: Path):
    first, second, third = chained(
        subject(Grade.BLUE), subject(Grade.RED), subject(Grade.RED, step=Step.LIFTED)
    )
    for nth, one in enumerate((first, second, third), 1):
        cap.send(options(tmp_path), one, AT + nth * HOUR)
        assert listed(tmp_path) == [f"public.cap.03.burglary.d20260305.{nth}.xml"]
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.xml")}
    cap.send(options(tmp_path, sender_name="Another"), first, AT + 4 * HOUR)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.xml")} == before, "frozen"
    assert listed(tmp_path) == ["public.cap.03.burglary.d20260305.3.xml"]


def test_a_message_that_comes_late_is_not_listed_over_its_successor(tmp_path: Path):
    first, second = chained(subject(Grade.BLUE), subject(Grade.RED))
    cap.send(options(tmp_path), second, AT + HOUR)
    cap.send(options(tmp_path), first, AT + 2 * HOUR)
    assert listed(tmp_path) == ["public.cap.03.burglary.d20260305.2.xml"]
    assert len(list(tmp_path.glob("*.xml"))) == 2


@pytest.mark.parametrize("damage", ["lost", "cut", "foreign"])
def test_an_index_that_is_lost_or_damaged_is_made_anew(tmp_path: Path, damage: str):
    first, second = chained(subject(Grade.BLUE), subject(Grade.RED))
    cap.send(options(tmp_path), first, AT)
    index = tmp_path / "index.atom"
    if damage == "lost":
        index.unlink()
    else:
        index.write_bytes(index.read_bytes()[:300] if damage == "cut" else b"<html/>")
    cap.send(options(tmp_path), second, AT)
    assert listed(tmp_path) == ["public.cap.03.burglary.d20260305.2.xml"]


def test_killed_between_document_and_index_is_mended_by_the_next_try(tmp_path: Path):
    (one,) = chained(subject(Grade.BLUE))
    name = filename(json.loads(one.payload)["identifier"])
    tmp_path.joinpath(name).write_bytes(document(one))
    cap.send(options(tmp_path), one, AT)
    assert listed(tmp_path) == [name]


def test_what_has_expired_is_not_listed_and_is_still_there(tmp_path: Path):
    (one,) = chained(subject(Grade.BLUE))
    cap.send(options(tmp_path), one, AT)
    folder = options(tmp_path).folder
    assert atom.read(folder.index(AT + 25 * HOUR)) and atom.read(folder.index(AT + 27 * HOUR)) == []
    assert folder.document("public.cap.03.burglary.d20260305.1.xml") == document(one)
    for name in ("../secret.xml", "index.atom", ".lock", "none.xml", "/etc/passwd", ""):
        assert folder.document(name) is None


def test_links_are_whole_where_the_address_is_known(tmp_path: Path):
    (one,) = chained(subject(Grade.BLUE))
    cap.send(options(tmp_path, url="https://example.org/feed"), one, AT)
    text = (tmp_path / "index.atom").read_text()
    assert 'href="https://example.org/feed/public.cap.03.burglary.d20260305.1.xml"' in text
    assert 'rel="self" href="https://example.org/feed/index.atom"' in text
    assert listed(tmp_path) == ["public.cap.03.burglary.d20260305.1.xml"]


def test_what_is_signed_is_valid_as_it_lies_there(tmp_path: Path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    signer = keeper("duty", ec.generate_private_key(ec.SECP256R1()))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = serialization.BestAvailableEncryption(b"secret")
    (tmp_path / "key.pem").write_bytes(signer.key.private_bytes(pem, pkcs8, secret))
    (tmp_path / "cert.pem").write_bytes(signer.certificate.public_bytes(pem))
    keys = {"key": tmp_path / "key.pem", "certificate": tmp_path / "cert.pem", "password": "secret"}
    (one,) = chained(subject(Grade.RED))
    cap.send(options(tmp_path / "feed", **keys), one, AT)
    (path,) = (tmp_path / "feed").glob("*.xml")
    found = validate("a", path.read_bytes(), [signer.certificate], AT).problems
    assert [p.sentence for p in found if p.name == "signature"] == ["the signature is valid"]
    for wrong in ({"password": "other"}, {"certificate": tmp_path / "none.pem"}):
        with pytest.raises(DeliveryError) as error:
            cap.send(options(tmp_path / "other", **keys | wrong), one, AT)
        assert not error.value.permanent
    other = keeper("other", ec.generate_private_key(ec.SECP256R1()))
    (tmp_path / "cert.pem").write_bytes(other.certificate.public_bytes(pem))
    with pytest.raises(DeliveryError, match="is not the certificate of"):
        cap.send(options(tmp_path / "third", **keys), one, AT)


def test_what_is_no_cap_message_is_refused_for_good(tmp_path: Path):
    (one,) = chained(subject(Grade.BLUE))
    with pytest.raises(DeliveryError) as error:
        cap.send(options(tmp_path), replace(one, payload='{"format":"forewarn.notice/1"}'), AT)
    assert error.value.permanent


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path):
    (tmp_path / "file").write_text("")
    (one,) = chained(subject(Grade.BLUE))
    with pytest.raises(DeliveryError) as error:
        cap.send(options(tmp_path / "file"), one, AT)
    assert not error.value.permanent


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "duty centre"}, {"sender": "a,b"}, {"sender": ""}, {"organisation": "123"},
        {"web": "example.org"}, {"scope": "private"}, {"key": "key.pem"}, {"grace": "0h"}, {"colour": "red"},
    ],
)  # fmt: skip
def test_options_that_would_make_bad_messages_are_refused(tmp_path: Path, wrong: dict[str, object]):
    with pytest.raises(ValueError):
        options(tmp_path, **wrong)


def test_two_processes_write_one_feed(tmp_path: Path):
    """The folder is written by one at a time, and nothing of the index is lost."""
    from concurrent.futures import ThreadPoolExecutor

    base = subject(Grade.BLUE)
    many = []
    for n in range(20):
        warning = replace(base.story.warning, id=f"03.burglary.d2026{n:04}")
        (one,) = chained(replace(base, story=replace(base.story, warning=warning)))
        many.append(one)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: cap.send(options(tmp_path), one, AT), many))
    assert len(listed(tmp_path)) == 20
    assert isinstance(options(tmp_path).folder, Folder)
