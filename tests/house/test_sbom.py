"""The bill of materials holds everything that is locked, and is valid CycloneDX."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("sbom") / "new" / "forewarn.cdx.json"
    subprocess.run([sys.executable, ".ci/sbom.py", str(target)], cwd=ROOT, check=True, capture_output=True)
    return target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parts(text: str) -> dict[str, dict[str, Any]]:
    return {part["purl"]: part for part in json.loads(text)["components"]}


def test_it_is_valid(text: str):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_it_holds_what_is_locked_with_each_hash(parts: dict[str, dict[str, Any]]):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked: dict[str, set[str]] = {}
    for line in lock.splitlines():
        if found := re.match(r"([a-z0-9.-]+)==([^ ;]+)", line):
            locked[purl := f"pkg:pypi/{found[1]}@{found[2]}"] = set()
        elif found := re.search(r"sha256:([0-9a-f]{64})", line):
            locked[purl].add(found[1])
    files = {purl: part["externalReferences"][0]["hashes"] for purl, part in parts.items()}
    assert {purl: {each["content"] for each in hashes} for purl, hashes in files.items()} == locked


def test_what_runs_is_told_from_what_only_tests(parts: dict[str, dict[str, Any]]):
    scopes = {part["name"]: part.get("scope") for part in parts.values()}
    assert {scopes[name] for name in ("durable-rules", "pydantic-core", "httpx")} == {"required"}
    assert {scopes[name] for name in ("pytest", "pluggy", "mypy", "setuptools", "uv")} == {"excluded"}


def test_licences_and_needs_are_told(text: str, parts: dict[str, dict[str, Any]]):
    (httpx,) = (purl for purl in parts if purl.startswith("pkg:pypi/httpx@"))
    assert parts[httpx]["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    needs = {each["ref"]: each.get("dependsOn", []) for each in json.loads(text)["dependencies"]}
    assert httpx in needs["forewarn"]
    names = {purl.removeprefix("pkg:pypi/").partition("@")[0] for purl in needs[httpx]}
    assert names == {"anyio", "certifi", "httpcore", "idna"}
