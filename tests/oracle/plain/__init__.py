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

Rules are read as the mappings that their YAML files hold; nothing of them is resolved beforehand. That a
category ceased is given as it was noticed; when that is, tests/cycle holds against answers by hand.

Not retold here are

    chance     a model that is learned is either the engine's own or another one, and two that are learned
               alike agree on nothing but their training; tests/chance holds it against truths that were drawn
    after      of correlations, by the minute: tests/infer tries every order of a few events
    scale      a measure whose unit changes makes a test unknown, whatever its cells and blocks are: there is
               nothing to reckon twice, only when it is known, as in tests/story/cases/test_other_unit.py
"""
