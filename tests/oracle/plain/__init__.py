"""The semantics of docs/truth.md once more, slow and plain, sharing no line with the engine.

Only the standard library, no arrays, one area and one morning at a time. It is written to be read beside the
page, in this order:

    nouns      what is known: areas, feeds and their polls, reports and their revisions, unreadable records
    clock      local days, cuts and periods
    seen       of which days a feed may not have told all, as known at a cut
    counted    what was counted then, and the four states of a cell
    blocks     the judged stretch and the earlier ones: lower bound, comparable, scaled, placed deep enough
    chance     tails of the binomial, negative-binomial, Poisson and hypergeometric distributions, by sums
    tests      every test of a rung: held, not held, unknown
    combined   correlations
    stands     what stands of a rule in an area, run after run; immediate rules
    warned     warnings and their steps
    history    all runs of a scene in their order

Rules are read as the mappings that their YAML files hold; nothing of them is resolved beforehand. Of their
language `chance`, `after` of correlations and measures that change their scale are not retold here.
"""
