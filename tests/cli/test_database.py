"""`forewarn db`: it works with whatever password, and never says it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, make_url

from engine.cli import forewarn
from engine.errors import StoreError

ROOT = Path(__file__).parents[2]
PASSWORD = "p@ss/w#o?r%d:7"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("config", "rules"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_an_upgrade_names_the_database_without_its_password(
    root: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make_url(postgres_url)
    engine = create_engine(address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        role = f"r_{address.database}".lower()
        conn.exec_driver_sql(f'CREATE ROLE "{role}" SUPERUSER LOGIN')
    engine.dispose()
    where = f"/{address.database}?host={address.query['host']}"
    (root / "config/engine.yaml").write_text(f"database: postgresql://{role}:${{PW}}@{where}\n")
    monkeypatch.setenv("PW", PASSWORD)
    done = CliRunner().invoke(forewarn, ["--root", str(root), "db", "upgrade"])
    assert done.exit_code == 0
    assert done.output == f"postgresql:///{address.database} has this version's tables\n"


@pytest.mark.parametrize("sign", "@/#?")
def test_an_address_that_its_password_splits_is_refused_unquoted(
    root: Path, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    (root / "config/engine.yaml").write_text("database: ${DB}\n")
    monkeypatch.setenv("DB", f"postgresql://f:hunter{sign}two@nowhere.invalid/f")
    done = CliRunner().invoke(forewarn, ["--root", str(root), "db", "upgrade"])
    assert "hunter" not in str(done.exception) and "two@" not in str(done.exception)
    assert "write %40 for @" in str(done.exception)


def test_a_server_that_does_not_answer_is_told_without_the_password(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "config/engine.yaml").write_text("database: postgresql://f:${PW}@127.0.0.1:1/f\n")
    monkeypatch.setenv("PW", PASSWORD)
    done = CliRunner().invoke(forewarn, ["--root", str(root), "db", "upgrade"])
    assert isinstance(done.exception, StoreError)
    said = str(done.exception)
    assert said.startswith("postgresql+psycopg://127.0.0.1:1/f: the database does not answer; start it")
    assert PASSWORD not in said and "w%23o" not in said
