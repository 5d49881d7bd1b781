"""Stories of answers by e-mail: read, said, by machines, twice, too late, of what has moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.cycle import acting, replying
from engine.errors import FeedError, StoreError
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.store import acts, outbox
from tests.story.post_office import CA, PostOffice
from tests.story.timeline import SECRET, Story, story

DUTY = "answers:\n  yellow: {within: 20m, remind: 5m, repeats: 3}\nack_lasts: 2h\n"
ENGINE = """
database: sqlite:///data/forewarn.db
public:
  address: "https://warn.example.org/"
  secret: "${SECRET}"
  mailbox:
    {address: answers@example.org, host: localhost, port: PORT, user: answers, password: "${SECRET}", ca: CA}
"""


@contextmanager
def told(root: Path) -> Iterator[tuple[Story, PostOffice]]:
    """A warning that the centre has heard of by e-mail, and where its answers come in."""
    with PostOffice().open() as office:
        engine = ENGINE.replace("SECRET", SECRET).replace("PORT", str(office.port)).replace("CA}", f"{CA}}}")
        office.password = "0123456789abcdef"
        files = {"config/duty.yaml": DUTY, "config/engine.yaml": engine}
        with story(root, files=files) as of:
            of.push("T1", "burglary", 2)
            of.at("2 08:00")
            yield of, office


def back(of: Story) -> str:
    """The address that a reply goes to."""
    return str(of.last("centre")["answer"]["reply"])


def done(of: Story) -> list[Act]:
    with of.world.store.read() as tx:
        return acts.every(tx, list(ActKind))


def test_read_in_the_first_line_is_an_acknowledgement(tmp_path: Path):
    with told(tmp_path) as (of, office):
        assert back(of).startswith("answers+") and len(back(of).partition("@")[0]) <= 64
        office.post(back(of), "READ\n\nTwo patrols are out.\n\nOn Tue, forewarn wrote:\n> [YELLOW warning]")
        of.at("2 08:01")
        (act,) = done(of)
        assert (act.kind, act.by, act.receiver, act.via) == (ActKind.ACKNOWLEDGE, "anna", "centre", "mail")
        assert act.reason == "Two patrols are out."
        assert office.seen == {1}
        of.at("2 08:06")
        of.want(centre="issued yellow T1")


@pytest.mark.parametrize(
    "line", ["已阅", "已阅。", "Read.", "ok", "收到", "On Tue, 3 Mar, forewarn wrote:\n> [YELLOW]\n\nread"]
)
def test_what_counts_as_read(tmp_path: Path, line: str):
    with told(tmp_path) as (of, office):
        office.post(back(of), f"{line}\n")
        of.at("2 08:01")
        assert [act.kind for act in done(of)] == [ActKind.ACKNOWLEDGE]


def test_anything_else_is_what_somebody_has_to_say(tmp_path: Path):
    with told(tmp_path) as (of, office):
        office.post(back(of), "Read about it in the paper: it was a film. Call 13812345678\n\n发件人: x\nold")
        of.at("2 08:01")
        (act,) = done(of)
        assert act.kind is ActKind.COMMENT and "it was a film" in act.reason
        assert "13812345678" not in act.reason and "old" not in act.reason
        of.at("2 08:06")
        assert of.last("centre")["step"] == "reminder", "to say something is not to have read it"


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"},
     {"To": "answers+aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org"}, {"To": "answers@example.org"},
     {"To": "answers+@elsewhere.org"}],
)  # fmt: skip
def test_machines_and_strangers_answer_nothing(tmp_path: Path, headers: dict[str, str]):
    with told(tmp_path) as (of, office):
        office.post(headers.pop("To", back(of)), "READ", **headers)
        of.at("2 08:01")
        assert done(of) == [] and office.seen == {1}


@pytest.mark.parametrize(
    "headers",
    [{"Subject": "自动回复: 橙色预警"}, {"Subject": "Automatic reply: a warning"}, {"Return_Path": "<>"},
     {"From": "Mail Delivery System <MAILER-DAEMON@example.org>"}, {"X_Failed_Recipients": "a@b.example"}],
    ids=lambda given: next(iter(given)),
)  # fmt: skip
def test_a_machine_that_says_received_has_read_nothing(tmp_path: Path, headers: dict[str, str]):
    with told(tmp_path) as (of, office):
        office.post(back(of), "收到", **headers)
        of.at("2 08:01")
        assert done(of) == [] and office.seen == {1}


OUTLOOK = """<html><head><style>p.MsoNormal {margin:0cm}</style><title>x</title></head><body>
<p class="MsoNormal">Read.<o:p></o:p></p><p>Two&nbsp;patrols<br>are out.</p>
<div id="divRplyFwdMsg"><b>From:</b> forewarn</div><p>Evening patrols: police</p></body></html>"""
GMAIL = """<div dir="ltr">已阅<div>两组巡逻已出动</div></div><br><div class="gmail_quote">
<div class="gmail_attr">On Tue, forewarn wrote:</div>
<blockquote>OK<blockquote>old</blockquote></blockquote></div>"""


@pytest.mark.parametrize(
    ("html", "words"),
    [(OUTLOOK, "Two patrols\nare out."), (GMAIL, "两组巡逻已出动")],
    ids=["outlook", "gmail"],
)
@pytest.mark.parametrize("coding", ["base64", "quoted-printable", "8bit"])
def test_a_reply_in_html_alone_is_read_without_what_it_quotes(
    tmp_path: Path, html: str, words: str, coding: str
):
    with told(tmp_path) as (of, office):
        office.post(back(of), html, form="html", coding=coding)
        of.at("2 08:01")
        (act,) = done(of)
        assert (act.kind, act.reason) == (ActKind.ACKNOWLEDGE, words)


def test_who_wrote_what_is_quoted_and_the_signature_are_nobodys_answer(tmp_path: Path):
    quoted = "On Tue, 3 Mar 2026 at 08:00, The duty centre <\nforewarn@example.org> wrote:\n> x\n"
    with told(tmp_path) as (of, office):
        office.post(back(of), f"{quoted}OK\nWe go.\n\n-- \nAnna, 3rd floor")
        of.at("2 08:01")
        (act,) = done(of)
        assert (act.kind, act.reason) == (ActKind.ACKNOWLEDGE, "We go.")


@pytest.mark.parametrize("head", [b"Message-ID: <", b"From: Anna <anna@[example.org>"])
def test_a_mail_that_nobody_can_read_keeps_no_other_out(tmp_path: Path, head: bytes):
    with told(tmp_path) as (of, office):
        office.mails.append(head + f"\r\nTo: {back(of)}\r\n\r\nREAD\r\n".encode())
        office.post(back(of), "READ")
        of.at("2 08:01")
        assert [act.kind for act in done(of)] == [ActKind.ACKNOWLEDGE] and office.seen == {1, 2}


def test_what_could_not_be_stored_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*args: object, **more: object) -> None:
        raise StoreError("the disk is full")

    with told(tmp_path) as (of, office):
        office.post(back(of), "READ")
        with monkeypatch.context() as patched:
            patched.setattr(acting, "do", full)
            with pytest.raises(StoreError):
                replying.read(of.world)
        assert office.seen == set()
        of.at("2 08:01")
        assert [act.kind for act in done(of)] == [ActKind.ACKNOWLEDGE]


def test_who_says_nothing_answers_nothing(tmp_path: Path):
    with told(tmp_path) as (of, office):
        office.post(back(of), "\n\n> [YELLOW warning]\n")
        of.at("2 08:01")
        assert done(of) == [] and office.seen == {1}


def test_the_same_mail_is_done_once(tmp_path: Path):
    with told(tmp_path) as (of, office):
        office.post(back(of), "it is quiet")
        of.at("2 08:01")
        office.seen.clear()
        of.at("2 08:02")
        assert len(done(of)) == 1 and office.seen == {1}


def test_what_has_moved_since_the_mail_is_not_read(tmp_path: Path):
    with told(tmp_path) as (of, office):
        with of.world.store.read() as tx:
            (first,) = [one for one in outbox.listing(tx) if one.receiver == "centre"]
        address = back(of)
        of.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        office.post(address, "READ", In_Reply_To=f"<{first.digest}@example.org>")
        of.at("2 08:01")
        assert [act.kind for act in done(of)] == [ActKind.REGRADE]


def test_what_was_taken_back_answers_nothing(tmp_path: Path):
    with told(tmp_path) as (of, office):
        before = back(of)
        of.command("forewarn links revoke --for centre")
        office.post(before, "READ")
        of.at("2 08:06")
        assert done(of) == []
        assert back(of) != before, "the reminder has a new one"
        office.post(back(of), "READ")
        of.at("2 08:07")
        assert [act.kind for act in done(of)] == [ActKind.ACKNOWLEDGE]


def test_a_mailbox_that_cannot_be_read_stops_nothing(tmp_path: Path):
    with told(tmp_path) as (of, office):
        office.password = "another"
        with pytest.raises(FeedError, match="localhost: the mailbox cannot be read"):
            replying.read(of.world)
        of.at("2 08:06")
        of.want(centre="issued yellow T1, reminder yellow T1")
        office.password = "0123456789abcdef"
        office.post(back(of), "READ")
        of.at("2 08:07")
        assert [act.kind for act in done(of)] == [ActKind.ACKNOWLEDGE]
