"""`forewarn cap validate`, on files and over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import forewarn
from tests.notify.cap.conftest import DATA, GOOD
from tests.notify.cap.test_index import ATOM, OTHER


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(forewarn, ["cap", "validate", *map(str, words)])


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A folder with an index and its messages, served."""
    for name, text in (("index.atom", ATOM), ("a.xml", GOOD), ("b.xml", OTHER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_good_message_passes(tmp_path: Path):
    (tmp_path / "a.xml").write_text(GOOD, encoding="utf-8")
    done = run(tmp_path / "a.xml")
    assert (done.exit_code, done.output) == (0, "1 message read, 0 errors, 0 warnings and hints\n")


def test_every_problem_has_its_line_and_ends_with_1(tmp_path: Path):
    file = tmp_path / "a.xml"
    file.write_text(GOOD.replace("+08:00</sent>", "Z</sent>").replace("<web>", "<web>x "), encoding="utf-8")
    done = run(file)
    assert done.exit_code == 1
    assert f"{file}:5: [error] <sent> holds" in done.output
    rows = json.loads(run(file, "--format", "json").output)
    assert {"path": str(file), "line": 5, "level": "error", "name": "moment"}.items() <= rows[0].items()


def test_a_file_is_not_read_beyond_what_is_allowed(tmp_path: Path):
    with (tmp_path / "a.xml").open("wb") as file:
        file.truncate(1 << 34)
    done = run(tmp_path / "a.xml")
    assert done.exit_code == 1 and "larger than 20 MB" in done.output


def test_a_signature_is_held_against_what_the_operator_names():
    file = DATA / "valid.xml"
    without = run(file)
    assert without.exit_code == 0 and "not verified" in without.output
    trusted = run(file, "--trust", DATA / "environment_canada.pem", "--trust", DATA / "meteo_sc.pem")
    assert trusted.exit_code == 1 and "valid only when white space is ignored" in trusted.output
    assert "valid 2024-07-02 to 2024-09-30" in trusted.output
    canada = run(DATA / "canada_signed.cap", "--trust", DATA / "environment_canada.pem")
    assert canada.exit_code == 0 and "the signature is valid" in canada.output


def test_an_address_is_fetched_and_its_links_followed(site: str, tmp_path: Path):
    done = run(f"{site}/index.atom")
    assert (done.exit_code, done.output) == (0, "2 messages read, 0 errors, 0 warnings and hints\n")
    (tmp_path / "b.xml").unlink()
    done = run(f"{site}/index.atom")
    assert done.exit_code == 1
    assert f"{site}/index.atom:12: [error] the entry leads to nothing:" in done.output


def test_links_lead_nowhere_else_unless_named(site: str, tmp_path: Path):
    elsewhere = site.replace("127.0.0.1", "localhost")
    (tmp_path / "index.atom").write_text(ATOM.replace("a.xml", f"{elsewhere}/a.xml"))
    done = run(f"{site}/index.atom")
    assert done.exit_code == 1 and "leads to another host (localhost" in done.output
    assert "2 messages read, 0 errors" in run(f"{site}/index.atom", "--host", "localhost").output


def test_behind_a_file_messages_are_looked_for_beside_it(site: str, tmp_path: Path):
    assert "2 messages read" in run(tmp_path / "index.atom").output


def test_what_is_not_there_is_one_sentence(site: str, tmp_path: Path):
    for source in (tmp_path / "none.xml", f"{site}/none.xml", "http://127.0.0.1:1/a.xml"):
        assert run(source).exit_code != 0


def test_all_messages_of_a_folder_are_checked_and_against_each_other(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no message")
    empty = run(tmp_path)
    assert empty.exit_code and "no file ends in" in str(empty.exception)
    (tmp_path / "a.xml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.CAP").write_text(OTHER, encoding="utf-8")
    both = run(tmp_path)
    assert both.exit_code == 0 and "2 messages" in both.output
    (tmp_path / "c.xml").write_text(GOOD, encoding="utf-8")
    twice = run(tmp_path)
    assert twice.exit_code == 1 and str(tmp_path / "c.xml") in twice.output, "an identifier is given once"
