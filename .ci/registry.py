"""How pip and uv reach the registry, whatever the caller's settings; and what to say where they cannot.

Of the user's settings counts what says where the registry is and how to get there; nothing counts that says
what to install, where to, or from which further places.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PYPI = "https://pypi.org/simple"
#: What of pip's settings is heeded, and the variables that say it to pip, to uv and to this process.
_WAY = {
    "index-url": ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
    "cert": ("PIP_CERT", "SSL_CERT_FILE"),
    "client-cert": ("PIP_CLIENT_CERT", "SSL_CLIENT_CERT"),
    "proxy": ("PIP_PROXY", "HTTP_PROXY", "HTTPS_PROXY"),
    "trusted-host": ("PIP_TRUSTED_HOST", "UV_INSECURE_HOST"),
}
_OURS = {
    "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1",
    "PIP_NO_INPUT": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_DEFAULT_TIMEOUT": "60", "PIP_RETRIES": "3",
    "UV_NO_CONFIG": "1", "UV_HTTP_TIMEOUT": "60", "UV_PYTHON_DOWNLOADS": "never",
}  # fmt: skip


def adopt(python: Path, index: str = "", wheels: str = "") -> None:
    """Makes this process's environment one in which pip and uv do the same for everybody.

    python: the interpreter whose pip is asked for the user's settings. index: a registry to ask instead of
    the user's. wheels: a folder that holds everything; then no registry is asked.
    """
    way = _user_settings(python) | ({"index-url": index} if index else {})
    kept = {
        name: value for name, value in os.environ.items()
        if name == "UV_CACHE_DIR" or not name.startswith(("PIP_", "UV_", "PYTHON", "VIRTUAL_ENV", "CONDA_"))
    }  # fmt: skip
    kept |= {name: value for setting, value in way.items() for name in _WAY[setting]} | _OURS
    if wheels:
        folder = Path(wheels).resolve().as_uri()
        kept |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder, "UV_FIND_LINKS": folder}
    os.environ.clear()
    os.environ.update(kept)
    if not _keeps():
        os.environ["UV_NO_CACHE"] = "1"


def call(what: str, *command: str | Path) -> None:
    """Runs a command in silence; where it fails, ends with what failed, why, and what to do."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    if reason := _unreachable():
        sys.exit(
            f"forewarn: {what} failed: the package registry {_shown()} cannot be reached ({reason})\n"
            "  mend the network or the proxy and run it again (what was fetched is kept), or name a mirror: "
            "make setup INDEX=https://mirror/simple"
        )
    said = "\n".join(f"    {line}" for line in done.stdout.strip().splitlines()[-20:])
    sys.exit(f"forewarn: {what} from {os.environ.get('PIP_FIND_LINKS') or _shown()} failed:\n{said}")


def _user_settings(python: Path) -> dict[str, str]:
    """What pip would heed of its files and variables, later ones first; nothing where they cannot be read."""
    asked = subprocess.run(
        [python, "-E", "-s", "-m", "pip", "config", "list"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: dict[str, str] = {}
    lines = asked.stdout.splitlines() if asked.returncode == 0 else []
    for section in ("global", "install", ":env:"):
        for key, _, value in (line.partition("=") for line in lines):
            setting = key.removeprefix(f"{section}.")
            if setting != key and setting in _WAY:
                found[setting] = " ".join(str(ast.literal_eval(value)).split())
    return {
        setting: value for setting, value in found.items()
        if value and (not setting.endswith("cert") or Path(value).is_file())
    }  # fmt: skip


def _unreachable() -> str:
    """Why the registry does not answer; empty where it does, or is not asked."""
    if "PIP_NO_INDEX" in os.environ:
        return ""
    address = _shown()
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/uv/", timeout=30):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code < 500 else str(error)
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def _shown() -> str:
    """The registry's address without what signs in to it."""
    parts = urllib.parse.urlsplit(os.environ.get("UV_DEFAULT_INDEX", PYPI))
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _keeps() -> bool:
    """Whether uv can keep what it fetches: an account may have no home, or one it must not write to."""
    shared = os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME", os.devnull), ".cache")
    cache = Path(os.environ.get("UV_CACHE_DIR") or Path(shared, "uv"))
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(cache, os.W_OK)
