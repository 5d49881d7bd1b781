"""In which language a page opens for somebody who has not chosen one."""

from __future__ import annotations

from fastapi import Request

from engine.cycle.world import World

LANGUAGES = ("en", "zh")


def usual(request: Request) -> str:
    """The one of ours that the browser likes best; where it asks for none of them, the root's own."""
    world: World = request.app.state.world()
    return asked_for(request.headers.get("accept-language", "")) or world.settings.language


def asked_for(header: str) -> str:
    """The one of ours that a list of languages (`sv, en;q=0.5`) likes best; empty where it names none."""
    liked = []
    for at, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().lower().partition(";")
        language = tag.strip().partition("-")[0]
        if language in LANGUAGES and (share := _share(weight)) > 0:
            liked.append((-share, at, language))
    return min(liked)[2] if liked else ""


def _share(weight: str) -> float:
    name, _, number = weight.replace(" ", "").partition("=")
    try:
        return float(number) if name == "q" else 1.0
    except ValueError:
        return 0.0
