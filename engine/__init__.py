"""forewarn in five minutes.

Feeds bring records; `ingest` makes incidents of them (place, category, privacy) and `store` keeps every
revision with the moment it became known, and books it in a ledger of counts. At each tick `cycle.run`
asks which periods are due, claims one, and lets `judge` work: `find` measures panels as they were known
at the cut, climbs each rule's ladder of grades and correlates findings; `conclude` turns that into
findings that stand, warnings and changes, in the transaction that commits them together with their first
messages. `duty` says whose word lets a grade pass, what people may do about a warning, and what is due when
nobody answers. `notify` delivers what the outbox holds. `why` re-reads any of it.

Read `cycle/run.py` first, then `judge/`, then the nouns in `model/`. Imports point down (see
`[tool.importlinter]` in pyproject.toml): cli | console -> app -> cycle -> backtest | report | staff
-> rulebook -> judge | duty -> ingest | detect | infer | warn | notify | store | yamlfile -> errors -> model.
"""
