"""What is attached to e-mails is read once, whoever may send it, and the mailbox stays as it was."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO

import pytest
from pydantic import ValidationError

from connectors import imap
from engine.errors import FeedError
from engine.model.feed import Fetch, Record
from tests.story.post_office import CA, PostOffice

TABLE = b"id,kind\n1,fire\n2,flood\n"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice().open() as opened:
        yield opened


def options(office: PostOffice, **more: object) -> imap.Options:
    asked: dict[str, object] = {
        "host": "localhost", "port": office.port, "user": "desk", "password": office.password, "ca": CA,
        "senders": ["desk@town.example"], "attachments": "*.csv",
    }  # fmt: skip
    return imap.Options(**{**asked, **more})  # type: ignore[arg-type]


def post(
    office: PostOffice, *files: tuple[str, bytes], sender: str = "Desk <desk@town.example>", **headers: str
) -> None:
    mail = EmailMessage()
    for name, value in {"From": sender, "To": "in@county.example", "Subject": "Daily", **headers}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("As every morning.")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    office.mails.append(mail.as_bytes())


def told(fetch: Fetch) -> list[object]:
    return [
        one.fields["id"] if isinstance(one, Record) else f"{one.place}: {one.reason}" for one in fetch.records
    ]


def test_each_mail_is_read_once_and_nothing_in_the_mailbox_changes(office: PostOffice) -> None:
    post(office, ("day.csv", TABLE))
    first = imap.fetch(options(office), {})
    assert told(first) == told(first) == ["1", "2"], "as often as it is gone through"
    (one, _) = first.records
    assert isinstance(one, Record) and one.place == "mail 1 day.csv line 2"
    again = imap.fetch(options(office), first.cursor)
    assert again.unchanged and again.unseen
    post(office, ("day.csv", b"id,kind\n3,fire\n"))
    assert told(imap.fetch(options(office), again.cursor)) == ["3"]
    assert office.seen == set() and not any("STORE" in one or "EXPUNGE" in one for one in office.commands)
    assert any(one.startswith("EXAMINE") for one in office.commands)


def test_a_mailbox_whose_numbers_begin_anew_is_read_anew(office: PostOffice) -> None:
    post(office, ("day.csv", TABLE))
    cursor = imap.fetch(options(office), {}).cursor
    office.life = 2
    assert told(imap.fetch(options(office), cursor)) == ["1", "2"]


@pytest.mark.parametrize(("sender", "read"), [
    ("desk@town.example", True), ("Desk <DESK@Town.example>", True), ("any@all.example", True),
    ("desk@town.example.evil.example", False), ("x@evil.example", False), ("any@not-all.example", False),
    ('"desk@town.example" <x@evil.example>', False), ("", False),
    ("desk@town.example, x@evil.example", False),
])  # fmt: skip
def test_only_those_who_may_are_read(office: PostOffice, sender: str, read: bool) -> None:
    post(office, ("day.csv", TABLE), sender=sender)
    found = imap.fetch(options(office, senders=["desk@town.example", "@all.example"]), {})
    assert bool(told(found)) is read
    assert any("BODY.PEEK[]" in one for one in office.commands) is read, "of others only the head"


@pytest.mark.parametrize(("vouched", "read"), [
    ("mx.county.example; dmarc=pass header.from=town.example", True),
    ("mx.county.example; spf=pass; dmarc=fail", False), ("mx.evil.example; dmarc=pass", False), ("", False),
])  # fmt: skip
def test_where_the_mail_server_vouches_for_senders_it_is_asked(
    office: PostOffice, vouched: str, read: bool
) -> None:
    post(office, ("day.csv", TABLE), **({"Authentication_Results": vouched} if vouched else {}))
    assert bool(told(imap.fetch(options(office, authenticated="mx.county.example"), {}))) is read


def test_what_is_attached_is_read_by_the_reader_it_is_for(office: PostOffice) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.csv", TABLE)
    post(office, ("../../Tag.CSV", "id;kind\n5;火灾\n".encode("gb18030")), ("photo.jpg", b"x"))
    post(office, ("a.json", json.dumps({"all": [{"id": 7}]}).encode()), ("all.zip", packed.getvalue()))
    post(office)
    told_by = {"delimiter": ";", "encoding": "gb18030"}
    assert told(imap.fetch(options(office, read=told_by), {})) == ["5"]
    asked = options(office, format="json", attachments="*.json", read={"records": "all"})
    assert told(imap.fetch(asked, {})) == [7]
    assert told(imap.fetch(options(office, attachments="*.zip"), {})) == ["1", "2"]


def test_what_cannot_be_read_is_a_reject_and_keeps_nothing_out(office: PostOffice) -> None:
    post(office, ("bad.csv", b"<!doctype html><title>Log in</title>"), ("good.csv", TABLE))
    torn = b"From: desk@town.example\nContent-Type: multipart/mixed; boundary="
    office.mails.append(torn + b"x" * 99 + b"\n\n--")
    post(office, ("bomb.csv", b"id\n" + b"9" * (2 << 20)))
    post(office, ("day.csv", b"id\n3\n"))
    first = imap.fetch(options(office, max_mb=1), {})
    found = told(first) + told(imap.fetch(options(office, max_mb=1), first.cursor))
    assert [one for one in found if len(str(one)) == 1] == ["1", "2", "3"]
    broken = [str(one) for one in found if len(str(one)) > 1]
    assert [one.partition(": ")[0] for one in broken] == ["mail 1 bad.csv", "mail 3"]
    assert "an HTML page titled 'Log in'" in broken[0] and "larger than 1 MB" in broken[1]


def test_more_mails_than_a_poll_takes_are_read_by_the_next(office: PostOffice) -> None:
    for number in range(5):
        post(office, ("day.csv", f"id\n{number}\n".encode()))
    cursor: dict[str, str] = {}
    every: list[object] = []
    for _ in range(3):
        found = imap.fetch(options(office, mails=2), cursor)
        every += told(found)
        cursor = dict(found.cursor)
    assert every == ["0", "1", "2", "3", "4"]


def test_a_mailbox_that_cannot_be_read_is_a_failed_poll(office: PostOffice) -> None:
    for wrong in ({"password": "another"}, {"ca": None}, {"port": 1}):
        with pytest.raises(FeedError, match="cannot be read") as caught:
            imap.fetch(options(office, **wrong), {})
        assert office.password not in str(caught.value)


@pytest.mark.parametrize(("wrong", "said"), [
    ({"senders": ["town.example"]}, "no sender"), ({"senders": []}, "senders"), ({"user": ""}, "go together"),
    ({"security": "none"}, "starttls"), ({"read": {"path": "x"}}, "what is read is attached"),
    ({"read": {"delimeter": ";"}}, "read: delimeter"), ({"read": {"encoding": "x"}}, "no encoding"),
    ({"folder": "a\r\nb"}, "folder"),
])  # fmt: skip
def test_a_mistake_in_the_options(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        options(PostOffice(port=993), **wrong)
