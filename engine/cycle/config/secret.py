"""Secrets stand in the configuration by name only: `${NAME}`, from the environment or from a file.

A literal one is a mistake: the store keeps every configuration that was in force.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from engine.cycle.config.written import VARIABLE
from engine.model.address import is_secret, secrets, torn
from engine.model.regular import regular
from engine.yamlfile import Path_

#: No secret is longer: a larger file is another one.
_LONGEST = 65_536
#: What stands before the secret in a header: `Bearer `, `session=`.
_LED = re.compile(r"^\s*(?:[A-Za-z]+ )?(?:[\w-]+=)?\"?")
#: No word, no day and no host: to hide such a one would hide it everywhere.
_KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w~+/=%-]{10,}")
#: All behind the host of an address.
_BEHIND_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*[/?#]?(.*)", re.S)
_COMMENT = re.compile(r"(?:^|\s)#(.*)")
_SET = re.compile(r"([\w-]+)\s*:\s*[\"']?([^\s\"'$]{6,})[\"']?\s*$")
_ADVICE = "write ${NAME}, and set NAME in the environment, or NAME_FILE to a file that only you can read"


def value(name: str, environment: Mapping[str, str], root: Path) -> str:
    """What `${name}` stands for: the variable, or what the file holds that `name_FILE` names.

    Raises ValueError where there is neither or both, or where others may read the file.
    """
    file = environment.get(f"{name}_FILE")
    if name in environment and file is not None:
        raise ValueError(f"the environment has {name} and {name}_FILE; take one of them out")
    if file is not None:
        return _checked(name, _content(f"{name}_FILE", root / file))
    if name not in environment:
        raise ValueError(f"the environment has no variable {name} (nor {name}_FILE); set it before starting")
    return _checked(name, environment[name])


def _checked(name: str, found: str) -> str:
    if "://" in found and torn(found):
        raise ValueError(
            f"the address in {name} cannot be told apart: "
            "write %40 for @, %2F for /, %3F for ? and %23 for # within its password, path and query"
        )
    return found


def _content(name: str, path: Path) -> str:
    try:
        with regular(path).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & 0o077:
                raise ValueError(f"{name}: others may read {path}; `chmod 600 {path}`")
            text = file.read(_LONGEST + 1).decode("utf-8")
    except OSError as error:
        raise ValueError(f"{name}: {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ValueError(f"{name}: {path} is not UTF-8 text") from None
    if not text.strip() or len(text) > _LONGEST:
        raise ValueError(f"{name}: {path} is {'too long for a secret' if text.strip() else 'empty'}")
    return text.removesuffix("\n").removesuffix("\r")


def literals(name: str, data: Any) -> Iterator[tuple[Path_, str, str]]:
    """Where a secret stands as it is: the place, a sentence, and the secret.

    name: the file's without its ending. What privacy.yaml and a feed's `map` name are no secrets but fields.
    """
    for where, found in texts(data):
        mapped = name == "privacy" or (name == "feeds" and "map" in where)
        for secret in secrets(found) if mapped else _at(where, found):
            if VARIABLE.sub("", secret):
                yield where, f"a secret stands here as it is; {_ADVICE}", secret


def commented(text: str) -> Iterator[tuple[int, str, str]]:
    """The same for what was commented out: the line, a sentence, and the secret."""
    for number, line in enumerate(text.splitlines(), start=1):
        for comment in _COMMENT.findall(line):
            pair = _SET.search(comment)
            found = [pair[2]] if pair and is_secret(pair[1]) else [*secrets(comment)]
            for secret in found:
                if VARIABLE.sub("", secret):
                    yield number, f"a secret stands in this comment as it is; {_ADVICE}", secret


def named(written: Any, filled: Any) -> dict[str, str]:
    """What nobody may be told of options that have been filled in, with what is said in its stead."""
    before = dict(texts(written))
    found: dict[str, str] = {}
    for where, text in texts(filled):
        if names := VARIABLE.findall(before.get(where, "")):
            mark = "".join(f"${{{name}}}" for name in names)
            pieces = [(piece, mark) for piece in _at(where, text)]
            pieces += _of_address(before[where], text) if "://" in text or "headers" in where else ()
            found |= {form: said for piece, said in pieces for form in (piece, unquote(piece))}
    return found


def _of_address(written: str, filled: str) -> Iterator[tuple[str, str]]:
    """What was filled into an address or a header and looks like a key, whatever it is called there: it may
    be a part of the path. Of an address that is filled in as a whole, all behind the host."""
    literal = VARIABLE.split(written)
    look = "(.*?)".join(re.escape(piece) for piece in literal[::2])
    match = re.fullmatch(look, filled, re.S)
    for name, value in zip(literal[1::2], match.groups() if match else (), strict=False):
        whole = _BEHIND_HOST.match(value)
        if whole or _KEY.fullmatch(value):
            yield (whole[1] if whole else value), f"${{{name}}}"


def texts(data: Any, where: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every text and number in the data, and where it stands."""
    if isinstance(data, Mapping):
        for key, item in data.items():
            yield from texts(item, (*where, key))
    elif isinstance(data, list | tuple):
        for index, item in enumerate(data):
            yield from texts(item, (*where, index))
    elif isinstance(data, str | int | float) and not isinstance(data, bool):
        yield where, str(data)


def _at(where: Path_, text: str) -> Iterator[str]:
    """What is secret in the text at a place: all of it, or parts of the addresses in it."""
    keys = [part for part in where if isinstance(part, str)]
    if keys and "headers" in keys[:-1] and is_secret(keys[-1], asked=True):
        yield from (_LED.sub("", part).strip().rstrip('"') for part in text.split(";"))
    elif any(is_secret(key) for key in keys):
        yield text
    else:
        yield from secrets(text)
