"""Which correlation waits for which: the order in which they are judged."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.rule import Correlation, Pattern, Rule


def correlations(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules among `rules` that correlate, in the given order."""
    return tuple(rule for rule in rules if rule.correlation is not None)


def correlation_of(rule: Rule) -> Correlation:
    """What a correlation rule says; a threshold rule has no place in this package."""
    if rule.correlation is None:
        raise ValueError(f"{rule.id} is no correlation rule")
    return rule.correlation


def patterns(rule: Rule) -> tuple[Pattern, ...]:
    """Everything a correlation looks for, the wanted before the unwanted."""
    correlation = correlation_of(rule)
    return (*correlation.of, *correlation.none)


def feeds(producer: Rule, consumer: Rule, pattern: Pattern) -> bool:
    """Whether the producer's findings of this very cycle match the consumer's pattern.

    A topic means the findings of *other* rules: a correlation that warns of a topic may look for
    that topic without waiting for itself. A pattern with tests of its own looks at indicators, which
    a correlation has not. What a trial rule finds never reaches a stable one.
    """
    if pattern.kind != "finding" or pattern.tests or producer.cycle is not consumer.cycle:
        return False
    if producer.correlation is None or (consumer.stands and not producer.stands):
        return False
    if pattern.level and pattern.level != producer.level:
        return False
    if pattern.rule:
        return pattern.rule == producer.id
    return pattern.topic == producer.topic and producer.id != consumer.id


def producers(consumer: Rule, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The correlations among `rules` whose findings the consumer looks for."""
    return tuple(
        rule for rule in rules if any(feeds(rule, consumer, pattern) for pattern in patterns(consumer))
    )


def stratify(rules: Sequence[Rule]) -> tuple[tuple[tuple[Rule, ...], ...], tuple[Rule, ...]]:
    """The correlations in layers, each resting on earlier layers only, and those that cannot be
    layered because they stand in a cycle or wait for one."""
    waiting = {rule.id: rule for rule in correlations(rules)}
    needs = {id_: {p.id for p in producers(rule, tuple(waiting.values()))} for id_, rule in waiting.items()}
    layers: list[tuple[Rule, ...]] = []
    while ready := [rule for id_, rule in waiting.items() if not needs[id_] & waiting.keys()]:
        layers.append(tuple(ready))
        for rule in ready:
            del waiting[rule.id]
    return tuple(layers), tuple(waiting.values())


def ring(stuck: Sequence[Rule]) -> tuple[str, ...]:
    """The ids of one cycle among rules that `stratify` could not layer, its first id again at the
    end."""
    path = [stuck[0]]
    while True:
        following = producers(path[-1], stuck)[0]
        if following in path:
            return tuple(rule.id for rule in [*path[path.index(following) :], following])
        path.append(following)
