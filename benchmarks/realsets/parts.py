"""A set's files as they are loaded: whole or their first half, and packed as the set asks for."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

from openpyxl import Workbook

from benchmarks.realsets.sets import ENTRY, Set


def written(of: Set, path: Path, folder: Path, half: bool) -> Path:
    """The file, or the first half of its records, as the feed reads it; gives where it stands."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = raw.decode(of.encoding)
    if half:
        text = _half(of, path, text)
    name = f"{path.parent.name}-{path.name.removesuffix('.gz')}"
    if of.packed:
        target = folder / f"{Path(name).stem}.{of.packed}"
        _xlsx(text, target) if of.packed == "xlsx" else _zip(name, text, target)
        return target
    (folder / name).write_text(text, encoding=of.encoding.removesuffix("-sig"), newline="")
    return folder / name


def _half(of: Set, path: Path, text: str) -> str:
    if of.connector == "csv":
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        file = io.StringIO(newline="")
        csv.writer(file).writerows([header, *rows[: len(rows) // 2]])
        return file.getvalue()
    if ".jsonl" in path.name:
        lines = text.splitlines(keepends=True)
        return "".join(lines[: len(lines) // 2])
    if of.connector in ("json", "geojson"):
        told = json.loads(text)
        records = told[of.list] if of.list else told
        del records[len(records) // 2 :]
        return json.dumps(told)
    entries = list(ENTRY.finditer(text))
    return text[: entries[len(entries) // 2].start()] + text[entries[-1].end() :]


def _xlsx(text: str, target: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for row in csv.reader(io.StringIO(text, newline="")):
        sheet.append(row)
    book.save(target)


def _zip(name: str, text: str, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
