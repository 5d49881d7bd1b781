"""What messages look things up in, and which numbers they may not show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from engine.model.area import AreaTree
from engine.model.grade import Grade
from engine.model.rule import Pattern, Rule
from engine.model.taxonomy import Taxonomy
from engine.model.text import Text
from engine.model.topic import Topic
from engine.model.warning import RiskWarning

#: Counts of sensitive categories below this are people; they show as `<5`, zero included.
SMALL = 5


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The configuration and the rules that a message's words come from.

    A warning may outlive an area, a topic or a rule: what is gone is named by its code.
    """

    tree: AreaTree
    topics: Mapping[str, Topic]
    rules: Mapping[str, Rule]
    taxonomy: Taxonomy
    #: What the grades are called.
    labels: Mapping[Grade, Text]
    zone: tzinfo

    def area(self, code: str) -> Text:
        return self.tree[code].name if code in self.tree else Text(code)

    def topic(self, warning: RiskWarning) -> Text:
        topic = self.topics.get(warning.topic)
        return topic.title if topic else Text(warning.topic)

    def lineage(self, code: str) -> tuple[str, ...]:
        return self.tree.lineage(code) if code in self.tree else (code,)

    def sensitive(self, rules: Iterable[str]) -> bool:
        """Whether any of these rules, or of those they combine, counts a sensitive category."""
        return any(
            category in self.taxonomy and self.taxonomy[category].sensitive
            for rule in self._behind(rules)
            for category in rule.counted
        )

    def _behind(self, rules: Iterable[str]) -> Iterator[Rule]:
        """These rules and, for a correlation, every rule whose findings it looks for."""
        waiting, seen = list(rules), set()
        while waiting:
            id_ = waiting.pop()
            if id_ in self.rules and id_ not in seen:
                seen.add(id_)
                yield self.rules[id_]
                for pattern in _patterns(self.rules[id_]):
                    topical = [one.id for one in self.rules.values() if one.topic == pattern.topic]
                    waiting += [pattern.rule, *topical]


def _patterns(rule: Rule) -> tuple[Pattern, ...]:
    return (*rule.correlation.of, *rule.correlation.none) if rule.correlation else ()
