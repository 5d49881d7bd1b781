"""Writes docs/samples: the reports of the demo's last day, week and month, and their pages as docs/pictures.

    python -m benchmarks.report_samples [--root FOLDER] [--pages FOLDER]

--root: a folder in which `forewarn demo --once` has run, else it is run; --pages: every page of every Word
document as a picture goes there, to be looked at. Pages take LibreOffice and poppler.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from engine import app
from engine.report import exchange, page
from engine.report.document import Report
from engine.report.word.document import docx
from engine.store import reports

PROJECT = Path(__file__).parents[1]
SAMPLES, PICTURES = PROJECT / "docs" / "samples", PROJECT / "docs" / "pictures"
LANGUAGES = ("en", "zh")
#: The fonts that the documents name, and what stands in for them where readers' machines are not.
_FONTS = {
    "FangSong": "Noto Serif CJK SC", "SimSun": "Noto Serif CJK SC", "SimHei": "Noto Sans CJK SC",
    "Times New Roman": "Noto Serif CJK SC", "Arial": "Noto Sans CJK SC",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path)
    parser.add_argument("--pages", type=Path, default=PROJECT / "build" / "pages")
    asked = parser.parse_args()
    with ExitStack() as stack:
        root = asked.root or demo(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo")
        written = [name for name, content in samples(root) if _write(SAMPLES / name, content)]
        print(*written, sep="\n")
    for pdf in pages([SAMPLES / name for name in written if name.endswith(".docx")], asked.pages):
        prefix = asked.pages / pdf.stem
        subprocess.run(["pdftoppm", "-r", "80", "-png", pdf, prefix], check=True)
    for language in LANGUAGES:
        for name in ("daily", "weekly"):
            (first, *_) = sorted(asked.pages.glob(f"{name}-{language}-*1.png"))
            shutil.copy(first, PICTURES / f"report-{name}-{language}.png")


def demo(root: Path) -> Path:
    for name in ("config", "rules"):
        shutil.copytree(PROJECT / name, root / name)
    command = [sys.executable, "-m", "engine.cli", "--root", str(root), "demo", "--once"]
    subprocess.run(command, check=True, cwd=PROJECT, stdout=subprocess.DEVNULL)
    return root


def samples(root: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every file, from what the demo kept."""
    for cycle, report in kept(root).items():
        yield f"{cycle}.json", exchange.dump(report).encode()
        for language in LANGUAGES:
            yield f"{cycle}-{language}.html", page.html(report, language).encode()
            yield f"{cycle}-{language}.docx", docx(report, language)


def kept(root: Path) -> dict[str, Report]:
    """The latest report of each cycle that was kept."""
    with app.world(root) as world, world.store.read() as tx:
        found = {one.cycle: one for one in reversed(reports.listing(tx))}
        return {
            cycle: exchange.load(reports.text(tx, cycle, one.period, one.area) or "")
            for cycle, one in found.items()
        }


def _write(path: Path, content: bytes) -> bool:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return True


def pages(documents: list[Path], folder: Path) -> list[Path]:
    """The Word documents as LibreOffice shows them, as PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as own:
        fonts = Path(own) / "fonts.conf"
        fonts.write_text(_fonts(), encoding="utf-8")
        command = [
            "soffice", f"-env:UserInstallation=file://{own}/profile", "--headless", "--convert-to", "pdf",
            "--outdir", str(folder), *map(str, documents),
        ]  # fmt: skip
        subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
    return [folder / f"{one.stem}.pdf" for one in documents]


def _fonts() -> str:
    aliases = "".join(
        f'<alias binding="same"><family>{one}</family><prefer><family>{other}</family></prefer></alias>'
        for one, other in _FONTS.items()
    )
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    return f"{head}<fontconfig><include>/etc/fonts/fonts.conf</include>{aliases}</fontconfig>"


if __name__ == "__main__":
    main()
