"""`.ci/debian-packages` installs what is missing where it may, and else names it in one line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "debian-packages"


@pytest.fixture
def machine(tmp_path: Path):
    """Runs the script on a machine that has `present`, and an apt-get that notes what it is asked for."""

    def run(*packages: str, user: int = 0, code: int = 0, apt: bool = True) -> tuple[int, str, str]:
        programs = {
            "dpkg-query": 'for last; do :; done; [ "$last" = present ] && echo installed',
            "id": f"echo {user}",
            "apt-get": f'echo "$@" >> {tmp_path}/asked; echo noise; exit {code}',
        }
        shutil.rmtree(tmp_path / "bin", ignore_errors=True)
        (tmp_path / "bin").mkdir()
        for name, text in programs.items():
            if apt or name != "apt-get":
                (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
                (tmp_path / "bin" / name).chmod(0o755)
        (tmp_path / "bin" / "grep").symlink_to(str(shutil.which("grep")))
        done = subprocess.run(
            ["/bin/sh", SCRIPT, *packages], env={"PATH": str(tmp_path / "bin")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        asked = tmp_path / "asked"
        return done.returncode, done.stdout + done.stderr, asked.read_text() if asked.exists() else ""

    return run


def test_what_is_there_is_left_alone(machine):
    assert machine("present") == (0, "", "")


def test_root_installs_only_what_is_missing_in_silence(machine):
    code, said, asked = machine("present", "chromium", "mosquitto")
    assert (code, said) == (0, "")
    assert asked.splitlines()[1].endswith("install -y --no-install-recommends chromium mosquitto")


def test_others_are_told_in_one_line(machine):
    code, said, asked = machine("chromium", "present", user=1000)
    assert (code, asked) == (1, "")
    assert said.splitlines() == ["forewarn: install what is missing, as root: apt-get install -y chromium"]


def test_a_failure_is_told_with_what_apt_said(machine):
    code, said, _ = machine("chromium", code=100)
    assert code == 1
    assert said.splitlines() == ["noise", "forewarn: this failed: apt-get install -y chromium"]


def test_another_system_is_told_the_names(machine):
    code, said, _ = machine("chromium", apt=False)
    assert code == 1 and "this is no Debian" in said and "chromium" in said
