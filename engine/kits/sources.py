"""The made-up sources of each kit, as the systems that they stand for export them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.kits.sample import DAYS, Report, Surge, by_line, reports, table, written

#: From the places of a kit, by level, and now: the files by their names.
Sources = Callable[[Mapping[str, Sequence[str]], datetime], dict[str, bytes]]

_CALLS = {
    "交通事故": 2.2, "伤人交通事故": 0.3, "火灾": 0.4, "盗窃": 1.4, "入室盗窃": 0.4, "诈骗": 0.6,
    "打架斗殴": 0.7, "殴打他人": 0.5, "恐吓威胁": 0.2, "毁坏财物": 0.3, "纠纷": 1.6, "妨害公务": 0.05,
    "群众求助": 5.0, "其他警情": 3.0,
}  # fmt: skip
_HOTLINE = {
    "噪声扰民": 3.0, "欠薪": 0.3, "邻里纠纷": 0.6, "土地纠纷": 0.2, "咨询": 6.0, "电信诈骗": 0.4,
}  # fmt: skip
_ROOM = {"欠薪纠纷": 0.2, "邻里纠纷": 0.5, "土地纠纷": 0.15}
_FORM = {"火灾隐患": 0.8, "打架": 0.2, "起火": 0.1, "设施损坏": 0.5}
_POLICE = {
    "Trafikolycka": 3.0, "Trafikolycka, personskada": 0.6, "Brand": 0.7, "Stöld": 1.2, "Inbrott": 0.8,
    "Bedrägeri": 0.6, "Misshandel": 1.0, "Bråk": 0.5, "Olaga hot": 0.4, "Skadegörelse": 0.8,
    "Våld/hot mot tjänsteman": 0.1, "Trafikkontroll": 2.0, "Övrigt": 1.0,
}  # fmt: skip


def county_cn(places: Mapping[str, Sequence[str]], now: datetime) -> dict[str, bytes]:
    """A 110 export, a 12345 hotline export, a mediation room's ledger, weather and grid workers' forms."""
    communities, grids = places["community"], places["grid"]
    surges = [Surge("诈骗", 3, 5), Surge("火灾", 3, 2), Surge("纠纷", 4, 6)]
    spread = [communities[at] for at in (0, 5, 10)] + list(communities)
    calls = reports(spread, _CALLS, surges, now, 110)
    hotline = reports(communities, _HOTLINE, [], now, 12345)
    room = reports(communities, _ROOM, [Surge("欠薪纠纷", 1, 4)], now, 7)
    forms = reports(grids, _FORM, [], now, 3)
    return {
        "samples/110.csv": table(
            ("警情编号", "报警时间", "入库时间", "所属社区", "警情类别"),
            ((f"JQ{one.number:06}", written(one.happened), written(one.known), one.place, one.kind)
             for one in calls), "gb18030",
        ),
        "samples/12345.csv": table(
            ("工单编号", "来电时间", "登记时间", "地点", "问题类别", "办结时间"),
            ((f"GD{one.number:06}", written(one.happened), written(one.known), one.place, one.kind,
              written(over) if (over := _over(one, now)) else "") for one in hotline), "utf-8-sig",
        ),
        "samples/mediation.csv": table(
            ("台账编号", "受理日期", "登记时间", "社区", "纠纷类型", "办结日期"),
            ((f"TJ{one.number:05}", _day(one.happened), written(one.known), one.place, one.kind,
              _day(over) if (over := _over(one, now)) else "") for one in room), "utf-8-sig",
        ),
        "samples/mediation-polls.csv": table(("polled_at",), _readings(now), "utf-8"),
        "samples/weather.csv": table(
            ("编号", "发布时间", "生效时间", "失效时间", "区域", "种类", "等级"),
            _weather(places["township"], now), "utf-8-sig",
        ),
        "samples/grid.jsonl": by_line(
            {"id": f"WG{one.number:05}", "time": written(one.happened), "sent": written(one.known),
             "grid": one.place, "kind": one.kind} for one in forms
        ),
    }  # fmt: skip


def _day(moment: datetime) -> str:
    return f"{moment:%Y年%-m月%-d日}"


def _over(one: Report, now: datetime) -> datetime | None:
    """When a case is closed: most within ten days, every twelfth not yet (over wages every third), and none
    in the time to come."""
    over = one.known + timedelta(days=1 + one.number % 10)
    return over if one.number % (3 if "欠薪" in one.kind else 12) and over < now else None


def _readings(now: datetime) -> Iterator[Sequence[str]]:
    """The moments at which the ledger was read: every two hours, up to now."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    yield from ((written(first + timedelta(hours=2 * at)),) for at in range(DAYS * 12 + 1))


def _weather(townships: Sequence[str], now: datetime) -> Iterator[Sequence[str]]:
    """A forecast for every day, now and then a light warning, and a severe one that is in force now."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(DAYS, -1, -1):
        told = midnight - timedelta(days=back) + timedelta(hours=6)
        kind, grade = ("大风", "蓝") if back % 30 == 7 else ("天气预报", "")
        if told < now:
            place = townships[back % len(townships)]
            yield _bulletin(DAYS - back, told, told + timedelta(hours=20), place, kind, grade)
    severe = midnight - timedelta(hours=30)
    yield _bulletin(DAYS + 1, severe, severe + timedelta(hours=60), townships[1], "暴雨", "橙")


def _bulletin(
    number: int, told: datetime, until: datetime, place: str, kind: str, grade: str
) -> Sequence[str]:
    return f"YJ{number:04}", written(told), written(told), written(until), place, kind, grade


def police(places: Mapping[str, Sequence[str]], now: datetime) -> dict[str, bytes]:
    """An open event feed of a police, archived with when each event was first seen."""
    level = "municipality" if places.get("municipality") else "county"
    names = [*places[level]]
    surges = [Surge("Bedrägeri", 3, 5), Surge("Brand", 4, 2), Surge("Bråk", 3, 6)]
    found = reports(names, _POLICE, surges, now, 112)
    rows = (
        (str(400_000 + one.number), written(one.happened), written(one.known), one.place, one.kind)
        for one in found
    )
    return {"samples/police.csv": table(("id", "happened", "first_seen", "place", "type"), rows, "utf-8")}


def nothing(places: Mapping[str, Sequence[str]], now: datetime) -> dict[str, bytes]:
    """No source."""
    return {}


#: By kit: the clocks of the place, and its sources.
SOURCES: Mapping[str, tuple[ZoneInfo, Sources]] = {
    "county-cn": (ZoneInfo("Asia/Shanghai"), county_cn),
    "county-se": (ZoneInfo("Europe/Stockholm"), police),
    "country": (ZoneInfo("Europe/Stockholm"), police),
    "empty": (ZoneInfo("UTC"), nothing),
}
