"""GDELT's exports: what was published since the last poll, and of it violence alone, nothing of who acted."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from connectors import gdelt
from engine.errors import FeedError
from engine.model.feed import Fetch, Record
from tests.connectors.conftest import Answer, Server

SAMPLE = Path(__file__).parents[1] / "data" / "presets" / "gdelt.export.CSV"


def packed(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.export.CSV", content)
    return file.getvalue()


def publish(server: Server, stamp: str, content: bytes | None = None) -> str:
    """An export, and the list that names it as the newest; the list's address."""
    body = packed(SAMPLE.read_bytes() if content is None else content)
    url = server.tell(f"/v2/{stamp}.export.CSV.zip", Answer(body))
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
    others = "".join(f"1 {digest} {server.url(f'/v2/x.{one}.zip')}\n" for one in ("mentions.CSV", "gkg.csv"))
    return server.tell("/v2/lastupdate.txt", Answer(f"{len(body)} {digest} {url}\n{others}".encode()))


def ids(fetch: Fetch) -> list[str]:
    return [
        one.fields["GLOBALEVENTID"][-1] if isinstance(one, Record) else one.reason for one in fetch.records
    ]


def test_what_was_published_since_the_last_poll_is_read_once(server: Server) -> None:
    options = gdelt.Options(url=publish(server, "20260307120000"))
    first = gdelt.fetch(options, {})
    assert ids(first) == ids(first) == ["1", "2", "4", "6"], "no speech, no protest"
    assert gdelt.fetch(options, first.cursor).unchanged
    publish(server, "20260307121500", b"")
    publish(server, "20260307124500")
    later = gdelt.fetch(options, first.cursor)
    assert ids(later) == ["1", "2", "4", "6"]
    assert [note.rpartition("/")[2] for note in later.notices] == [
        "20260307123000.export.CSV.zip: was never published; its events are missing"
    ]
    slow = options.model_copy(update={"exports": 1})
    assert gdelt.fetch(slow, first.cursor).cursor["up_to"] == "20260307121500"


def test_where_it_was_and_nothing_of_who_acted(server: Server) -> None:
    found = list(gdelt.fetch(gdelt.Options(path=SAMPLE, countries=("SW",)), {}).records)
    town, _, country = (one.fields for one in found if isinstance(one, Record))
    assert (town["lat"], town["lon"], "lat" in country) == ("59.33", "18.07", False)
    assert not any(name.startswith("Actor") or "URL" in name for name in town)


def test_what_is_no_export_is_told_and_the_rest_is_taken(server: Server) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    options = gdelt.Options(url=publish(server, "20260307120000", b"torn\tline\n\xff\n" + lines[0]))
    assert ids(gdelt.fetch(options, {})) == [
        "2 columns where an export has 61", "1 columns where an export has 61", "1",
    ]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), [
    (b"", "names no export"), (b"<html>", "names no export"),
    (b"1 " + b"0" * 32 + b" http://127.0.0.1:9/20260307120000.export.CSV.zip", "leads to another host"),
])  # fmt: skip
def test_a_list_that_leads_nowhere_is_a_failed_poll(server: Server, body: bytes, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        gdelt.fetch(gdelt.Options(url=server.tell("/v2/lastupdate.txt", Answer(body)), retries=0), {})


def test_an_export_that_is_another_than_its_sum_says_is_asked_for_again(server: Server) -> None:
    options = gdelt.Options(url=publish(server, "20260307120000"))
    server.tell("/v2/20260307120000.export.CSV.zip", Answer(packed(b"x")))
    with pytest.raises(FeedError, match="another than its sum says"):
        gdelt.fetch(options, {})
