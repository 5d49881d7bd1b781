"""The reports that were made: a list, each as a page, and each to take along."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from engine.console.few import Some
from engine.console.look import Look, page
from engine.console.sight import sight
from engine.cycle.attaching import name
from engine.errors import UsageError
from engine.model.period import CALENDAR
from engine.report import exchange
from engine.report import page as written
from engine.report.document import Report
from engine.report.form import TYPES, formed
from engine.store import reports as kept

router = APIRouter()

#: Reports that are listed.
ROWS = 400
Version = Annotated[int | None, Query(ge=1, le=32_000)]


@router.get("/reports")
def reports(request: Request, cycle: str = "") -> Response:
    """Those on areas within sight, the latest first."""
    scene = sight(request)
    with scene.world.store.read() as tx:
        counts = {area: many for area, many in kept.counts(tx, cycle).items() if scene.shows(area)}
        found = Some(kept.listing(tx, cycle, ROWS, list(counts)), ROWS, sum(counts.values()))
    asked = [one for one in scene.world.settings.reports if scene.shows(one.area)]
    return page(
        request, scene, "reports.html", active="reports", found=found, cycle=cycle, asked=asked,
        cycles=[one.value for one in CALENDAR],
    )  # fmt: skip


@router.get("/report/{cycle}/{period}/{area}")
def report(
    request: Request, cycle: str, period: str, area: str, version: Version = None,
    form: Literal["html", "docx", "json"] = "html", take: bool = False,
) -> Response:  # fmt: skip
    """One of them, in the viewer's language; `take`: as a file."""
    scene = sight(request)
    with scene.world.store.read() as tx:
        text = kept.text(tx, cycle, period, area, version) if scene.shows(area) else None
    if text is None:
        return page(request, scene, "said.html", 404, said="absent", active="")
    return _formed(exchange.load(text), form, take, Look.of(request).language)


def _formed(of: Report, form: str, take: bool, language: str) -> Response:
    headers = {}
    if take or form == "docx":
        headers["content-disposition"] = f'attachment; filename="{name(of, language)}.{form}"'
    if form == "html":
        # The page brings a policy of its own: it may show its own style, and nothing else.
        policy = f"{written.policy()}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        headers["content-security-policy"] = policy
    try:
        content = formed(of, form, language)
    except UsageError as error:
        return Response(f"{error}\n", 501, media_type="text/plain; charset=utf-8")
    return Response(content, media_type=TYPES[form], headers=headers)
