"""A small made-up county for stories that need many histories: nine days, one feed, four rules."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from engine.store import judgement, outbox, runs
from engine.store.database import Store

FIRST = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAYS = 9
END = FIRST + timedelta(days=DAYS, hours=9)

FILES = {
    "config/areas.yaml": """
zone: UTC
levels: [county, town]
table: areas.csv
""",
    "config/areas.csv": """code,name,zh,level,parent,population,aliases,kind
C,The County,,county,,90000,,
T1,Easttown,,town,C,40000,,
T2,Westtown,,town,C,30000,,
T3,Northtown,,town,C,20000,,
""",
    "config/taxonomy.yaml": """
categories:
  - {code: property, title: Property crime, domain: public-safety, children: [
      {code: property.burglary, title: Burglary, codes: {county: [burglary]}}]}
  - {code: violence, title: Violence, domain: public-safety, children: [
      {code: violence.explosion, title: Explosion, codes: {county: [explosion]}}]}
""",
    "config/topics.yaml": """
topics:
  - {id: burglary, title: Burglary, domain: public-safety}
  - {id: explosions, title: Explosions, domain: public-safety}
  - {id: unrest, title: Several towns at once, domain: public-safety}
""",
    "config/measures.yaml": """
measures:
  - {code: patrols, what: Evening patrols, department: police, within: 24h, aim: patrol}
""",
    "config/feeds.yaml": """
feeds:
  - id: log
    title: Duty log
    connector: csv
    subject: incident
    options: {path: log.csv, polls: polls.csv}
    poll: 1h
    max_silence: 2d
    covers: {areas: [C], categories: [property, violence], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: {field: at}
      known_at: {field: known}
      place: {code: town}
      category: {field: kind, scheme: county}
""",
    "config/routes.yaml": """
receivers:
  - {id: duty, title: Duty centre, channels: [{kind: file, path: data/outbox/duty.jsonl}]}
routes:
  - {id: all, receivers: [duty]}
""",
    "config/cycles.yaml": "{wait: 8h, lease: 1m}\n",
    "config/engine.yaml": "database: sqlite:///data/forewarn.db\n",
    "rules/burglary.yaml": """
rules:
  - id: county.burglary-surge
    title: Burglary surge
    domain: public-safety
    topic: burglary
    cycle: daily
    level: town
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: Burglaries come in runs.
    indicator: {count: incidents, where: {category: property.burglary}}
    window: 3d
    hold: 2
    grades: {blue: {at_least: 3}, yellow: {at_least: 5, delay_on: 2}, orange: {at_least: 8}}
    measures: [patrols]
  - id: county.burglary-weeks
    title: Burglaries in the week
    domain: public-safety
    topic: burglary
    cycle: weekly
    level: town
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: A week's count shows what single days hide.
    indicator: {count: incidents, where: {category: property.burglary}}
    window: 7d
    grades: {yellow: {at_least: 8}}
    measures: [patrols]
  - id: county.explosion
    title: Explosion
    domain: public-safety
    topic: explosions
    cycle: immediate
    level: town
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: Everybody must know at once.
    indicator: {count: incidents, where: {category: violence.explosion}}
    window: 24h
    lasts: 36h
    grades: {yellow: {at_least: 1}, orange: {at_least: 2}}
    measures: [patrols]
  - id: county.several-towns
    title: Burglars in several towns
    domain: public-safety
    topic: unrest
    cycle: daily
    level: county
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: A travelling gang works several towns in a row.
    correlate: {within: 2d, scope: below, at_least: 2, of: [{finding: {topic: burglary}}]}
    grade: orange
    measures: [patrols]
""",
}


class Clock:
    """Stands until it is moved."""

    now = END

    def __call__(self) -> datetime:
        return self.now


def build(root: Path, seed: int = 1) -> Path:
    """Write the county below `root`; its log holds late reports, corrections and a withdrawn place."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    rows = log(seed)
    with (root / "log.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    polls = (FIRST - timedelta(days=60) + timedelta(hours=6 * n) for n in range(4 * (DAYS + 60) + 2))
    lines = ["polled_at", *(poll.isoformat() for poll in polls)]
    (root / "polls.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def log(seed: int) -> list[dict[str, str]]:
    """Burglaries that come in waves, a few explosions, and some corrections of their place."""
    random, rows = Random(seed), []
    for day in range(DAYS):
        for town, wave in (("T1", 7), ("T2", 6), ("T3", 30)):
            many = random.choice((2, 3, 4)) if day % wave in (3, 4, 5) else random.choice((0, 0, 1))
            kinds = ["burglary"] * many + ["explosion"] * (random.random() < 0.1)
            for number, kind in enumerate(kinds):
                at = FIRST + timedelta(days=day, minutes=random.randrange(1440))
                known = at + timedelta(minutes=random.choice((5, 30, 600, 2200)))
                row = {"id": f"{day}-{town}-{number}", "at": at.isoformat(), "known": known.isoformat(),
                       "town": town, "kind": kind}  # fmt: skip
                rows.append(row)
                if random.random() < 0.15:
                    again = known + timedelta(hours=random.choice((1, 20)))
                    moved = {"town": random.choice(("T1", "T2", "T3")), "known": again.isoformat()}
                    rows.append({**row, **moved})
    return rows


def told(store: Store) -> dict[str, object]:
    """Everything a history leaves behind that must not depend on how it was interrupted."""
    with store.read() as tx:
        return {
            "runs": sorted((run.cycle, run.period, run.state) for run in runs.listing(tx, 1000)),
            "findings": judgement.findings(tx),
            "warnings": judgement.warnings(tx),
            "changes": sorted((c.key, c.before, c.after, c.reason) for c in judgement.changes(tx)),
            "scores": judgement.scores(tx),
            "messages": sorted((m.key, m.body, m.payload, m.state) for m in outbox.listing(tx, limit=1000)),
        }


def received(root: Path) -> list[str]:
    """The keys of the messages the duty centre has, as they came."""
    path = root / "data" / "outbox" / "duty.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line)["key"] for line in lines]
