"""A registry of packages on loopback, made of nothing but this environment.

What builds and installs is the real thing, packed again from where it is installed; the rest are dummies.
"""

from __future__ import annotations

import hashlib
import io
import stat
import tarfile
import threading
import zipfile
from collections.abc import Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any


class Shelf:
    """A folder `simple/NAME/FILE`, served; `held` names what is answered only once `released` is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "simple"
        self.asked: list[str] = []
        self.held = "nothing"
        self.waiting, self.released = threading.Event(), threading.Event()
        handler = partial(_Files, shelf=self, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/simple"

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def fetched(self) -> list[str]:
        """The files that were asked for since the last call."""
        found = [path.rpartition("/")[2] for path in self.asked if not path.endswith("/")]
        self.asked.clear()
        return found

    def wheel(self, name: str, version: str, needs: tuple[str, ...] = (), extra: str = "") -> str:
        """Offers a dummy; returns its line of the lock. `extra` is the name of an extra that it provides."""
        told = [f"Requires-Dist: {need}" for need in needs] + ([f"Provides-Extra: {extra}"] if extra else [])
        about = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *told, ""])
        info = f"{name}-{version}.dist-info"
        tag = "Wheel-Version: 1.0\nGenerator: none\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        files = {f"{name}.py": f"VERSION = {version!r}\n", f"{info}/METADATA": about, f"{info}/WHEEL": tag}
        content = _zipped({path: text.encode() for path, text in files.items()}, info)
        return self._offer(name, version, f"{name}-{version}-py3-none-any.whl", content)

    def source(self, name: str, version: str) -> str:
        """Offers a dummy that must be built, with setuptools; returns its line of the lock."""
        told = f"name={name!r}, version={version!r}, py_modules=[{name!r}]"
        script = f"from setuptools import setup\nsetup({told})\n"
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for path, text in {"setup.py": script, f"{name}.py": f"VERSION = {version!r}\n"}.items():
                member = tarfile.TarInfo(f"{name}-{version}/{path}")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
        return self._offer(name, version, f"{name}-{version}.tar.gz", packed.getvalue())

    def installed(self, name: str) -> str:
        """Offers what this environment has under that name; returns its line of the lock."""
        found = metadata.distribution(name)
        stem = f"{found.metadata['Name'].replace('-', '_')}-{found.version}"
        info, files = f"{stem}.dist-info", {}
        for path in found.files or ():
            if path.suffix == ".pyc" or path.name in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json"):
                continue
            inside = str(path) if ".." not in path.parts else f"{stem}.data/scripts/{path.name}"
            files[inside] = Path(str(path.locate())).read_bytes()
        wheel = next(text for path, text in files.items() if path.endswith(".dist-info/WHEEL")).decode()
        tag = next(line for line in wheel.splitlines() if line.startswith("Tag: ")).removeprefix("Tag: ")
        info = next(path for path in files if path.endswith(".dist-info/WHEEL")).partition("/")[0]
        return self._offer(name, found.version, f"{stem}-{tag}.whl", _zipped(files, info))

    def _offer(self, name: str, version: str, file: str, content: bytes) -> str:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(content).hexdigest()}"


class _Files(SimpleHTTPRequestHandler):
    """Serves a folder: its list of files is what a registry's page of a package is."""

    def __init__(self, *arguments: Any, shelf: Shelf, **named: Any) -> None:
        self._shelf = shelf
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        self._shelf.asked.append(self.path)
        if self._shelf.held in self.path.rpartition("/")[2]:
            self._shelf.waiting.set()
            self._shelf.released.wait()
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        pass


def _zipped(files: Mapping[str, bytes], info: str) -> bytes:
    packed = io.BytesIO()
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"]).encode()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in {**files, f"{info}/RECORD": record}.items():
            member = zipfile.ZipInfo(path)
            member.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(member, content)
    return packed.getvalue()
