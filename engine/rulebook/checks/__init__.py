"""One mistake, one module, one page of documentation.

A check is a module with `NAME`, `LEVEL` and `check`; its docstring is the page docs/checks/NAME.md.
Checks in `EACH` look at one rule: `check(source, context)` yields (place, sentence). Checks in
`TOGETHER` look at all rules at once: `check(sources, context)` yields (source, place, sentence).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType

from engine.model.problem import Problem, certain
from engine.rulebook import names
from engine.rulebook.checks import (
    activity_category,
    alert_unfed,
    areas_chosen,
    at_least_alone,
    baseline_missing,
    baseline_short,
    baseline_uneven,
    baseline_unfit,
    baseline_unused,
    calendar_ends,
    category_domain,
    category_twice,
    chance_horizon,
    chance_unlearned,
    charter,
    cluster_areas,
    cluster_sum,
    correlation_count,
    correlation_cycle,
    correlation_immediate,
    correlation_limit,
    correlation_order,
    correlation_scope,
    correlation_slow,
    correlation_within,
    duplicate_id,
    empty_selection,
    hardly_fires,
    hold_long,
    id_domain,
    immediate_limits,
    immediate_only,
    keyword_political,
    loose_alpha,
    measure_grade,
    measure_topic,
    measure_twice,
    near_repeat_points,
    no_chinese,
    no_horizon,
    no_measures,
    no_owner,
    no_review_date,
    no_route,
    no_tests,
    no_why,
    percentile_areas,
    protected_category,
    protected_finding,
    rare_alone,
    rate_without_population,
    reading_unfit,
    realised_rate,
    retired_without_reason,
    review_far,
    review_past,
    rung_order,
    rung_tests,
    rung_unreachable,
    sensitive_level,
    share_not_part,
    share_unused,
    share_without_whole,
    silent_domain,
    stock_unclosed,
    test_category,
    test_empty,
    test_feed,
    test_grade,
    test_indicator,
    test_level,
    test_name,
    test_off_cycle,
    test_one_sided,
    test_receiver,
    test_signal,
    test_unfired_rung,
    test_unseen,
    topic_domain,
    twin_rules,
    unfed_indicator,
    ungraded_severity,
    unheard_pattern,
    unknown_area,
    unknown_calendar,
    unknown_category,
    unknown_feed,
    unknown_level,
    unknown_measure,
    unknown_rule,
    unknown_sum,
    unknown_topic,
    weekdays_window,
    window_cycle,
    window_long,
)
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

_EACH = (
    activity_category, alert_unfed, areas_chosen, baseline_missing, baseline_short, baseline_uneven,
    baseline_unfit, baseline_unused, calendar_ends, category_domain, category_twice, chance_horizon,
    chance_unlearned, charter, cluster_areas, cluster_sum,
    correlation_within, empty_selection, hardly_fires, hold_long, id_domain, immediate_limits,
    immediate_only, keyword_political,
    loose_alpha, measure_grade, measure_topic, measure_twice, near_repeat_points, no_chinese, no_horizon,
    no_measures, no_owner, no_review_date, no_route, no_tests, no_why, percentile_areas, protected_category,
    rare_alone,
    rate_without_population, reading_unfit, realised_rate, retired_without_reason, review_far, review_past,
    rung_order, rung_tests, rung_unreachable, sensitive_level, share_not_part, share_unused,
    share_without_whole, stock_unclosed,
    test_category, test_empty, test_feed, test_grade, test_indicator, test_level, test_name, test_off_cycle,
    test_one_sided, test_receiver, test_signal, test_unfired_rung, test_unseen, topic_domain,
    unfed_indicator, ungraded_severity,
    unknown_area, unknown_calendar, unknown_category, unknown_feed, unknown_level, unknown_measure,
    unknown_sum, unknown_topic, weekdays_window, window_cycle, window_long,
)  # fmt: skip
_TOGETHER = (
    at_least_alone, correlation_count, correlation_cycle, correlation_immediate, correlation_limit,
    correlation_order, correlation_scope, correlation_slow, duplicate_id, protected_finding, silent_domain,
    twin_rules, unheard_pattern, unknown_rule,
)  # fmt: skip

#: Checks of one rule, and of all rules together, by name.
EACH: dict[str, ModuleType] = {module.NAME: module for module in _EACH}
TOGETHER: dict[str, ModuleType] = {module.NAME: module for module in _TOGETHER}
#: Those that miss something: a rule that could not be read may be what they miss.
_MISSING = (silent_domain.NAME, unheard_pattern.NAME, unknown_rule.NAME)


def run(sources: Sequence[Source], context: Context, *, whole: bool = True) -> list[Problem]:
    """Every problem that any check finds, in no particular order; `whole` where no rule failed to be read."""
    return [*_each(sources, context), *_together(sources, context, whole)]


def _each(sources: Sequence[Source], context: Context) -> Iterator[Problem]:
    for name, module in EACH.items():
        for source in sources:
            for place, sentence in module.check(source, context):
                yield _problem(module, source, place, sentence, names.known(name, source, context))


def _together(sources: Sequence[Source], context: Context, whole: bool) -> Iterator[Problem]:
    rules = [source.id for source in sources]
    for name, module in TOGETHER.items():
        if name in _MISSING and not whole:
            continue
        for source, place, sentence in module.check(sources, context):
            yield _problem(module, source, place, sentence, rules if name == unknown_rule.NAME else ())


def _problem(
    module: ModuleType, source: Source, place: Place, sentence: str, known: Iterable[str]
) -> Problem:
    """The problem, with the name certainly meant where the check is one of names."""
    path, line = source.where(place)
    found = source.value(place)
    right = certain(found, known) if isinstance(found, str) else ""
    return Problem(path, line, sentence, module.NAME, module.LEVEL, found=found if right else "", right=right)
