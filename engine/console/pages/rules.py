"""The rules: in words, by domain, each with its status, owner and text."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from engine.console import drafting
from engine.console.look import Look, page
from engine.console.sight import sight
from engine.model.grade import Domain
from engine.rulebook.words.explain import explain

router = APIRouter()


@router.get("/rules")
def rules(request: Request) -> Response:
    scene = sight(request)
    book = scene.world.book.rules.values()
    standing: dict[str, int] = {}
    for one in scene.open:
        for rule in one.rules:
            standing[rule] = standing.get(rule, 0) + 1
    by_domain = {
        domain: sorted((r for r in book if r.domain is domain), key=lambda r: r.id) for domain in Domain
    }
    return page(request, scene, "rules.html", active="rules", by_domain=by_domain, standing=standing)


@router.get("/rule/{id}")
def rule(request: Request, id: str) -> Response:
    scene = sight(request)
    if id not in scene.world.book.rules:
        return page(request, scene, "said.html", 404, said="absent", active="")
    of, settings = scene.world.book.rules[id], scene.world.settings
    said = explain(of, Look.of(request).language, drafting.context(scene))
    warned = [one for one in scene.warnings.values() if id in one.rules]
    warned.sort(key=lambda one: one.since, reverse=True)
    written = of.path.removeprefix(f"{settings.root}/")
    return page(
        request, scene, "rule.html", active="rules", rule=of, said=said, warned=warned, written=written
    )
