"""The lock is held against advisories; what could not be checked is never said to be well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "audit.py"
LOCK = """a-name==2.0 \\
    --hash=sha256:{0}
other==1.5 ; python_full_version < '3.12' \\
    --hash=sha256:{0}
other==1.6rc1 ; python_full_version >= '3.12' \\
    --hash=sha256:{0}
""".format("0" * 64)


def audit(folder: Path, *source: Path | str, api: str = "http://127.0.0.1:1/v1") -> tuple[int, str]:
    (folder / "requirements.lock").write_text(LOCK)
    done = subprocess.run(
        [sys.executable, SCRIPT, *source], cwd=folder, env=os.environ | {"OSV_API": api, "NO_PROXY": "*"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def record(*events: dict[str, str], name: str = "A_Name", **more: Any) -> dict[str, Any]:
    """An advisory on `name`, with one range of these events."""
    spans = [{"type": "ECOSYSTEM", "events": [*events]}]
    affected = [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": spans}]
    return {"id": "X-1", "modified": "2026-01-01", "summary": "It leaks.", "affected": affected} | more


def entry(**told: Any) -> dict[str, Any]:
    """An advisory whose entry says this of the package, and nothing else."""
    return record(affected=[{"package": {"ecosystem": "PyPI", "name": "a-name"}, **told}])


CONCERNS = {
    "open": record({"introduced": "0"}),
    "before the fix": record({"introduced": "0"}, {"fixed": "2.0.1"}),
    "since this": record({"introduced": "2"}, {"fixed": "3"}),
    "the last": record({"introduced": "1"}, {"last_affected": "2.0.0"}),
    "unsorted": record({"introduced": "1.9"}, {"fixed": "2.1"}, {"introduced": "0"}, {"fixed": "1"}),
    "below the limit": record({"introduced": "0"}, {"limit": "2.1"}),
    "named": entry(versions=["1.9", "2.0.0"]),
    "named beside an old name": entry(versions=["old-and-odd", "2.0"]),
    "no version told": entry(),
    "only commits told": entry(ranges=[{"type": "GIT", "events": [{"introduced": "0"}]}]),
    "versions that cannot be read": record({"introduced": "0"}, {"fixed": "x.y"}),
    "a candidate": record({"introduced": "1.6rc1"}, {"fixed": "1.6"}, name="Other"),
}  # fmt: skip
SPARES = {
    "fixed in this": record({"introduced": "0"}, {"fixed": "2.0"}),
    "later": record({"introduced": "2.0.1"}),
    "between stretches": record({"introduced": "0"}, {"fixed": "1"}, {"introduced": "2.1"}),
    "after the last": record({"introduced": "1"}, {"last_affected": "1.9"}),
    "at the limit": record({"introduced": "0"}, {"limit": "2.0"}),
    "named others": entry(versions=["1.9", "2.0.1"]),
    "another package": record({"introduced": "0"}, name="a-name-more"),
    "withdrawn": record({"introduced": "0"}, withdrawn="2026-02-01T00:00:00Z"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of all of them at once, each under its key as id."""
    folder = tmp_path_factory.mktemp("audit")
    records = [{**record, "id": key} for key, record in (CONCERNS | SPARES).items()]
    (folder / "osv.json").write_text(json.dumps(records))
    code, said = audit(folder, "osv.json")
    assert code == 1
    return said


@pytest.mark.parametrize("key", CONCERNS)
def test_a_version_that_is_affected_or_not_shown_to_be_safe_is_told(told: str, key: str):
    assert f": {key}: It leaks." in told


@pytest.mark.parametrize("key", SPARES)
def test_a_version_that_is_not_affected_is_not_told(told: str, key: str):
    assert f": {key}: " not in told


def test_a_line_says_which_what_and_where_it_is_mended(tmp_path: Path):
    (tmp_path / "osv.json").write_text(
        json.dumps(record({"introduced": "0"}, {"fixed": "2.1"}, aliases=["CVE-2026-1"]))
    )
    code, said = audit(tmp_path, "osv.json")
    assert code == 1
    assert said.splitlines() == [
        "a-name 2.0: X-1, CVE-2026-1: It leaks.; fixed in 2.1",
        "locked packages: 3; held against osv.json, advisories on PyPI: 1; known faults: 1",
    ]


def test_zips_and_folders_are_read(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "X-1.json").write_text(json.dumps({"vulns": [record({"introduced": "3"})]}))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "folder" / "X-1.json", "X-1.json")
    for source in ("folder", "all.zip"):
        code, said = audit(tmp_path, source)
        assert (code, said.rpartition("; ")[2]) == (0, "known faults: 0\n")


@pytest.mark.parametrize(
    "text", ["<html>", "[]", "{}", '{"vulns": 3}', '[{"id": "X-1"}]', json.dumps(record(affected=[]))]
)
def test_a_file_without_advisories_is_no_pass(tmp_path: Path, text: str):
    (tmp_path / "osv.json").write_text(text)
    code, said = audit(tmp_path, "osv.json")
    assert code == 1 and said.startswith("forewarn: the lock was not checked: osv.json")
    assert "Traceback" not in said


def test_a_missing_file_is_no_pass(tmp_path: Path):
    assert audit(tmp_path, "none.json") == (
        1, "forewarn: the lock was not checked: none.json: No such file or directory\n"
    )  # fmt: skip


def test_a_service_that_cannot_be_asked_is_told_and_stops_nobody(tmp_path: Path):
    code, said = audit(tmp_path)
    assert code == 0
    assert said.startswith("forewarn: the lock was not checked: http://127.0.0.1:1/v1 cannot be asked")
    assert "ADVISORIES=" in said and "known faults" not in said and said.count("\n") == 1


class Service(BaseHTTPRequestHandler):
    """OSV's two addresses, with an answer in two pages; under /odd an answer that is none."""

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        self._answer({"results": [self._found(query) for query in queries]})

    def do_GET(self) -> None:
        self._answer({**record({"introduced": "0"}), "id": self.path.rpartition("/")[2]})

    def _found(self, query: dict[str, Any]) -> dict[str, Any]:
        if query["version"] != "2.0":
            return {}
        if "page_token" in query:
            return {"vulns": [{"id": "X-2"}]}
        return {"vulns": [{"id": "X-1"}], "next_page_token": "more"}

    def _answer(self, told: dict[str, Any]) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>sign in" if self.path.startswith("/odd") else json.dumps(told).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_the_service_is_asked_to_the_last_page(tmp_path: Path, service: str):
    code, said = audit(tmp_path, api=f"{service}/v1")
    assert code == 1
    found = [line.partition(": It")[0] for line in said.splitlines()[:-1]]
    assert found == ["a-name 2.0: X-1", "a-name 2.0: X-2"]


def test_an_answer_that_is_none_is_no_pass(tmp_path: Path, service: str):
    code, said = audit(tmp_path, api=f"{service}/odd")
    assert code == 0 and "not checked" in said and "no JSON" in said
