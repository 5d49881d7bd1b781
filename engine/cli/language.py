"""In which language the command line speaks, and the sentences it says."""

from __future__ import annotations

import os
from typing import Any

import click

from engine.model.text import Text

#: Whoever reads in Chinese says so once: by this variable, or for one call by `forewarn --language zh`.
LANGUAGE = "FOREWARN_LANGUAGE"
_CHOICE = click.Choice(["en", "zh"])


def spoken() -> str:
    """The reader's language: as the command was told, or `forewarn`, or else as the environment says."""
    context = click.get_current_context(silent=True)
    while context is not None:
        # The language of an account that is made is not that of whoever makes it.
        if asked := context.params.get("language") if context.info_name != "add" else None:
            return str(asked)
        context = context.parent
    return "zh" if os.environ.get(LANGUAGE) == "zh" else "en"


def _as_spoken(context: click.Context, _: click.Parameter, asked: str | None) -> str:
    return asked or spoken()


#: Of `forewarn` itself.
spoken_option = click.option(
    "--language", type=_CHOICE, envvar=LANGUAGE, show_envvar=True, help="In which language to speak."
)
#: Of a command whose text is asked for in one language or the other.
language_option = click.option(
    "--language", type=_CHOICE, callback=_as_spoken,
    help=f"In which language (default: as forewarn speaks; or {LANGUAGE}).",
)  # fmt: skip


def chinese() -> bool:
    """Whether the command that runs is to speak Chinese."""
    return spoken() == "zh"


def said(en: str, zh: str) -> str:
    """A sentence in the reader's language."""
    return zh if chinese() else en


def named(code: str, text: Text, language: str) -> str:
    """What a program calls it, or its Chinese."""
    return text.say("zh") if language == "zh" else code


def say(sentence: str, **facts: Any) -> str:
    """A sentence of the table in the reader's language."""
    from engine.cli.sentences import SENTENCES

    return SENTENCES.say(sentence, spoken(), **facts)


def read(text: str) -> str:
    """A sentence that the engine made, in the reader's language."""
    if not chinese():
        return text
    from engine.cli.sentences import in_chinese

    return in_chinese(text)


def word(code: str) -> str:
    """The reader's word for a state, a step, a cycle or another of the engine's few codes."""
    if not chinese():
        return code
    from engine.cli.inwords import WORDS

    return WORDS.get(code, code)
