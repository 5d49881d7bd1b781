"""Pages by every way, against a real server: the whole list, or a failed poll that says why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from pydantic import ValidationError

from connectors import json
from engine.errors import FeedError
from engine.model.feed import Record


def ids(options: dict[str, Any]) -> list[int]:
    fetched = json.fetch(json.Options.model_validate({"retries": 0, **options}), {})
    return [one.fields["id"] for one in fetched.records if isinstance(one, Record)]


@pytest.fixture
def listed(server: Any, answer: Any) -> Any:
    """A server of so many records that answers what is asked of it, at most `most` at a time."""

    class Listing(dict[str, list[Any]]):
        records, most, offset, pages, beyond, rounds = 0, 100, "offset", False, 200, False

        def get(self, path: str, default: Any = None) -> Any:
            query = {key: int(value[0]) for key, value in parse_qs(urlsplit(path).query).items()}
            size = min(query.get("limit", self.most), self.most)
            start = query.get(self.offset, query.get("page", 1) * size - size if self.pages else 0)
            if self.rounds:
                start = min(start, (self.records - 1) // size * size)
            found = [{"id": number} for number in range(self.records)[start : start + size]]
            return [answer(orjson.dumps({"count": self.records, "results": found}),
                           status=200 if found else self.beyond)]  # fmt: skip

    server.answers = Listing()
    return server


@pytest.mark.parametrize("way", [
    {"page": "offset", "first_page": 0},
    {"page": "offset"},
    {"page": "offset", "first_page": 0, "step": 100},
    {"offset": "offset"},
    {"offset": "offset", "step": 100},
])  # fmt: skip
@pytest.mark.parametrize("query", ["?limit=100", ""])
@pytest.mark.parametrize("records", [0, 1, 100, 250, 500])
def test_an_offset_goes_on_by_what_was_received(
    listed: Any, way: dict[str, Any], query: str, records: int
) -> None:
    listed.answers.records = records
    assert ids({"url": listed.url("/a" + query), "records": "results", **way}) == list(range(records))
    assert len(listed.asked) == -(-records // 100) + 1


def test_an_offset_loses_nothing_where_the_source_gives_fewer_than_were_asked_for(listed: Any) -> None:
    listed.answers.records, listed.answers.most = 130, 50
    asked = {"url": listed.url("/a?limit=100"), "records": "results", "offset": "offset"}
    assert ids(asked) == list(range(130))
    with pytest.raises(FeedError, match=r"records 50 to 99 were passed over: .*; leave 'step' out"):
        ids({**asked, "step": 100})


@pytest.mark.parametrize("end", [{"beyond": 200}, {"beyond": 404}, {"rounds": True}])
def test_pages_are_counted_until_there_is_none(listed: Any, end: dict[str, Any]) -> None:
    vars(listed.answers).update({"records": 7, "most": 3, "pages": True, **end})
    assert ids({"url": listed.url("/a"), "records": "results", "page": "page"}) == list(range(7))
    assert len(listed.asked) == 4


@pytest.mark.parametrize(("counts", "whole"), [
    ((4, 4, 4), True), ((4, 5, 5), False), ((5, 4, 4), False), ((5, 5, None), False), ((None, 4, 4), True),
])  # fmt: skip
def test_a_list_whose_number_changes_while_it_is_read_holds_the_greatest_of_them(
    server: Any, answer: Any, counts: tuple[int | None, ...], whole: bool
) -> None:
    """One record less on the first page, and the record that moved up there is never seen."""
    for page, (count, found) in enumerate(zip(counts, ([0, 1], [2, 3], []), strict=True), 1):
        body = {"count": count, "results": [{"id": one} for one in found]}
        server.tell(f"/a?page={page}", answer(orjson.dumps(body)))
    asked = {"url": server.url("/a"), "records": "results", "page": "page", "total": "count"}
    if whole:
        assert ids(asked) == [0, 1, 2, 3]
        return
    with pytest.raises(FeedError, match="4 records of the 5 that 'count' says there are"):
        ids(asked)


@pytest.mark.parametrize("status", [400, 410, 416, 422, 204])
def test_another_status_is_the_end_where_the_feed_says_so(listed: Any, status: int) -> None:
    vars(listed.answers).update({"records": 7, "most": 3, "pages": True, "beyond": status})
    asked = {"url": listed.url("/a"), "records": "results", "page": "page"}
    assert ids({**asked, "beyond": [404, status]}) == list(range(7))
    with pytest.raises(FeedError, match=f"answers {status}"):
        ids(asked)


def test_a_status_is_no_end_before_there_was_a_page(listed: Any) -> None:
    vars(listed.answers).update({"records": 0, "pages": True, "beyond": 404})
    with pytest.raises(FeedError, match="answers 404"):
        ids({"url": listed.url("/a"), "records": "results", "page": "page"})


def test_a_parameter_that_the_source_does_not_heed_is_found_out(listed: Any) -> None:
    listed.answers.records = 500
    asked = {"url": listed.url("/a?limit=100"), "records": "results", "page": "seite"}
    with pytest.raises(FeedError, match="the source does not heed 'seite'"):
        ids(asked)
    listed.answers.records = 40
    assert ids(asked) == list(range(40))
    listed.answers.records = 500
    with pytest.raises(FeedError, match="100 records of the 500 that 'count' says there are"):
        ids({"url": listed.url("/a"), "records": "results", "page": "seite", "total": "count"})


def test_more_pages_than_the_bound_are_a_failed_poll(listed: Any) -> None:
    listed.answers.records, listed.answers.most = 12, 3
    asked = {"url": listed.url("/a"), "records": "results", "offset": "offset"}
    assert ids({**asked, "pages": 4}) == list(range(12))
    with pytest.raises(FeedError, match="more pages than 3; raise 'pages'"):
        ids({**asked, "pages": 3})


def test_an_offset_taken_for_a_page_is_found_out(listed: Any) -> None:
    listed.answers.records = 500
    listed.answers.offset = "start"
    with pytest.raises(FeedError, match="or write offset: start where it counts records"):
        ids({"url": listed.url("/a"), "records": "results", "page": "start"})
    assert ids({"url": listed.url("/a"), "records": "results", "offset": "start"}) == list(range(500))


def tell(server: Any, answer: Any, *pages: tuple[str, dict[str, Any]]) -> str:
    for path, document in pages:
        server.tell(path, answer(orjson.dumps(document)))
    return str(server.url(pages[0][0]))


@pytest.mark.parametrize("following", ["/a?from=2", "?from=2", "a?from=2", "{server}/a?from=2"])
def test_pages_are_followed_by_the_address_in_the_body(server: Any, answer: Any, following: str) -> None:
    following = following.format(server=server.url(""))
    url = tell(server, answer, ("/a", {"items": [{"id": 1}], "links": {"next": following}}),
               ("/a?from=2", {"items": [{"id": 2}], "links": {"next": None}}))  # fmt: skip
    assert ids({"url": url, "records": "items", "next": "links.next"}) == [1, 2]


@pytest.mark.parametrize("link", [
    '<{server}/a?p=2>; rel="next"', '</a?p=2>; rel=next, </a?p=9>; rel="last"',
    '</a>; rel="prev", <?p=2>; rel="last next"',
])  # fmt: skip
def test_pages_are_followed_by_the_link_header(server: Any, answer: Any, link: str) -> None:
    url = server.tell("/a", answer(b'[{"id": 1}]', headers={"Link": link.format(server=server.url(""))}))
    server.tell("/a?p=2", answer(b'[{"id": 2}]', headers={"Link": '</a>; rel="prev"'}))
    assert ids({"url": url, "link": True}) == [1, 2]


@pytest.mark.parametrize("last", [{}, {"next": None}, {"next": ""}, {"next": False}])
def test_a_token_goes_into_the_query(server: Any, answer: Any, last: dict[str, Any]) -> None:
    url = tell(server, answer, ("/a?key=k", {"data": [{"id": 1}], "next": "T/1=="}),
               ("/a?key=k&cursor=T%2F1%3D%3D", {"data": [], "next": 17}),
               ("/a?key=k&cursor=17", {"data": [{"id": 3}], **last}))  # fmt: skip
    asked = {"url": url, "records": "data", "cursor": {"field": "next", "parameter": "cursor"}}
    assert ids(asked) == [1, 3], "an empty page is not the end"
    assert ids({**asked, "empty_ends": True}) == [1]


def test_a_token_on_the_last_page_too(server: Any, answer: Any) -> None:
    url = tell(server, answer, ("/a", {"data": [{"id": 1}], "next": "x", "has_more": True}),
               ("/a?after=x", {"data": [{"id": 2}], "next": "y", "has_more": False}))  # fmt: skip
    token = {"field": "next", "parameter": "after", "more": "has_more"}
    assert ids({"url": url, "records": "data", "cursor": token}) == [1, 2]


@pytest.mark.parametrize("token", ["dG9rZW4=", "abc", "eyJ.eyJ.sig", 17, True, {"page": 2}])
def test_a_token_where_an_address_should_be_is_refused(server: Any, answer: Any, token: Any) -> None:
    url = tell(server, answer, ("/a", {"results": [{"id": 1}], "next": token}))
    with pytest.raises(FeedError, match=r"holds no address; .* cursor: \{field: next, parameter: \.\.\.\}"):
        ids({"url": url, "records": "results", "next": "next"})


@pytest.mark.parametrize(("option", "field"), [
    ({"next": "next"}, "next"), ({"cursor": {"field": "next", "parameter": "c"}}, "next"),
])  # fmt: skip
def test_a_list_has_nothing_above_it(server: Any, answer: Any, option: dict[str, Any], field: str) -> None:
    with pytest.raises(FeedError, match="nothing stands above the records that could be 'next'"):
        ids({"url": server.tell("/a", answer(b'[{"id": 1}]')), **option})


def test_links_that_go_round_are_a_failed_poll(server: Any, answer: Any) -> None:
    url = tell(server, answer, ("/a", {"items": [{"id": 1}], "next": "/a?from=2"}),
               ("/a?from=2", {"items": [{"id": 2}], "next": "/a"}))  # fmt: skip
    with pytest.raises(FeedError, match="the links go round"):
        ids({"url": url, "records": "items", "next": "next"})
    assert len(server.asked) == 2


def test_a_token_that_comes_again_is_a_failed_poll(server: Any, answer: Any) -> None:
    page = {"data": [{"id": 1}], "next": "x"}
    url = tell(server, answer, ("/a", page), ("/a?c=x", {**page, "data": [{"id": 2}]}))
    with pytest.raises(FeedError, match="the links go round"):
        ids({"url": url, "records": "data", "cursor": {"field": "next", "parameter": "c"}})


@pytest.mark.parametrize("way", [
    {"cursor": {"field": "next", "parameter": "c"}}, {"next": "link"}, {"link": True},
])  # fmt: skip
@pytest.mark.parametrize(("bodies", "said"), [
    # The source hands out new tokens and heeds none of them.
    ([[1, 2], [1, 2], [1, 2]], "page 2 holds what page 1 did: the source does not go on"),
    ([[1], [2], [1]], "page 3 holds what page 1 did: the source does not go on"),
    ([[1], [], [], []], "more pages than 3; raise 'pages'"),
])  # fmt: skip
def test_a_page_that_comes_for_ever_is_a_failed_poll(
    server: Any, answer: Any, way: dict[str, Any], bodies: list[list[int]], said: str
) -> None:
    for number, body in enumerate(bodies):
        following = f"/a?c=t{number + 1}"
        records: Any = [{"id": one} for one in body]
        page = records if "link" in way else {"d": records, "next": f"t{number + 1}", "link": following}
        headers = {"Link": f'<{following}>; rel="next"'}
        server.tell(f"/a?c=t{number}" if number else "/a", answer(orjson.dumps(page), headers=headers))
    asked = {"url": server.url("/a"), "records": "" if "link" in way else "d", "pages": 3, **way}
    with pytest.raises(FeedError, match=said):
        ids(asked)


@pytest.mark.parametrize(("bodies", "query", "total", "said"), [
    ([[1, 2], [1, 2]], "", "", "page 2 holds what page 1 did, which is full: .* 'p'; .* name 'total'"),
    ([[1, 2], [1, 2]], "&limit=2", "", "page 2 holds what page 1 did, which is full"),
    ([[1, 2], [1, 2]], "&limit=3", "", ""),
    ([[1, 2], [1, 2]], "", "n", ""),
    ([[1, 2], [3, 4], [3, 4]], "", "", ""),
    ([[1, 2], [3, 4], [1, 2]], "", "", "page 3 holds what page 1 did, which is full"),
    ([[1, 2], [3], [1, 2]], "", "", ""),
])  # fmt: skip
def test_a_page_that_comes_again_is_the_end_only_where_it_shows(
    server: Any, answer: Any, bodies: list[list[int]], query: str, total: str, said: str
) -> None:
    last = sorted({one for body in bodies for one in body})
    for number, body in enumerate(bodies, start=1):
        page = {"n": len(last), "d": [{"id": one} for one in body]}
        server.tell(f"/a?x=1{query}&p={number}", answer(orjson.dumps(page)))
    asked = {"url": server.url(f"/a?x=1{query}"), "records": "d", "page": "p", "total": total}
    if said:
        with pytest.raises(FeedError, match=said):
            ids(asked)
    else:
        assert ids(asked) == last


@pytest.mark.parametrize("away", ["http://169.254.169.254/x", "//localhost:1/x", "http://10.0.0.1/x?y"])
def test_a_page_on_another_host_is_refused_unless_named(server: Any, answer: Any, away: str) -> None:
    url = tell(server, answer, ("/a", {"items": [{"id": 1}], "next": away}))
    with pytest.raises(FeedError, match="leads to another host"):
        ids({"url": url, "records": "items", "next": "next"})
    server.tell("/b", answer(b'{"items": [{"id": 2}]}'))
    there = server.url("/b").replace("127.0.0.1", "localhost")
    url = tell(server, answer, ("/a", {"items": [{"id": 1}], "next": there}))
    options = {"url": url, "records": "items", "next": "next", "headers": {"X-Key": "secret"}}
    assert ids({**options, "hosts": ["localhost"]}) == [1, 2]
    assert "x-key" not in server.asked[-1][1]


def test_a_page_that_fails_fails_the_poll(server: Any, answer: Any) -> None:
    url = tell(server, answer, ("/a", {"items": [{"id": 1}], "next": "/gone"}))
    with pytest.raises(FeedError, match="answers 404"):
        ids({"url": url, "records": "items", "next": "next"})
    url = tell(server, answer, ("/a", {"items": [{"id": 1}], "next": "/b"}),
               ("/b", {"success": False, "items": []}))  # fmt: skip
    with pytest.raises(FeedError, match="no good answer"):
        ids({"url": url, "records": "items", "next": "next"})


def test_pages_that_are_as_before_are_unchanged(server: Any, answer: Any) -> None:
    told = {"Last-Modified": "Sun, 08 Mar 2026 07:00:00 GMT"}
    url = server.tell("/a?p=1", answer(b'[{"id": 1}]', headers=told)).removesuffix("?p=1")
    server.tell("/a?p=2", answer(b"[]", headers={"Last-Modified": "Sun, 08 Mar 2026 06:00:00 GMT"}))
    options = json.Options(url=url, page="p")
    first = json.fetch(options, {})
    again = json.fetch(options, first.cursor)
    assert not first.unchanged and again.unchanged and not again.unseen
    assert first.changed_at == again.changed_at == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_file_read_in_place_of_the_pages_has_none(tmp_path: Any) -> None:
    (tmp_path / "t.json").write_text('{"items": [{"id": 1}], "next": "/b"}')
    paged = json.Options(url="http://127.0.0.1:1/a", records="items", next="next")
    fetched = json.fetch(paged.model_copy(update={"path": tmp_path / "t.json", "url": None}), {})
    assert len(list(fetched.records)) == 1


@pytest.mark.parametrize(("options", "reason"), [
    ({"path": "a", "next": "n"}, "only an address has pages: 'next' goes with url"),
    ({"url": "http://x", "next": "n", "page": "p"}, "either by 'next' or by 'page'"),
    ({"url": "http://x", "link": True, "offset": "o"}, "either by 'link' or by 'offset'"),
    ({"url": "http://x", "next": "n", "step": 5}, "'step' goes only with 'page' or 'offset'"),
    ({"url": "http://x", "first_page": 0}, "'first_page' goes only with"),
    ({"url": "http://x", "page": "p", "empty_ends": True}, "'empty_ends' goes only with 'next' or"),
    ({"url": "http://x", "cursor": {"field": "next"}}, "parameter"),
])  # fmt: skip
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        json.Options.model_validate(options)
