"""What is called for against the open warning: what changes, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.model.act import ActKind
from engine.model.grade import Confidence, Domain, Grade
from engine.model.rule import Rule
from engine.model.text import Text
from engine.model.topic import Topic
from engine.model.warning import Change, Issuer, RiskWarning, Standing, Step
from engine.warn.call import Call, Place
from engine.warn.occasion import Occasion
from engine.warn.passage import Passage

#: What an approval that nobody gave in time adds to the reason.
UNANSWERED = "nobody answered in time, not yet approved"


@dataclass(frozen=True)
class Names:
    """What titles and domains come from: the rules, and for what no rule found, the topics."""

    rules: Mapping[str, Rule]
    topics: Mapping[str, Topic] = field(default_factory=dict)

    def domain(self, open_: RiskWarning | None, called: Call, topic: str) -> Domain:
        if open_ is not None:
            return open_.domain
        return called.behind[0].domain if called.behind else self.topics[topic].domain

    def title(self, called: Call, otherwise: Text) -> Text:
        """The title of the leading finding's rule."""
        leader = self.rules.get(called.behind[0].rule) if called.behind else None
        return leader.title if leader else otherwise

    def topic(self, code: str) -> Text:
        return self.topics[code].title if code in self.topics else Text(code)


def step(
    open_: RiskWarning | None, called: Call, passage: Passage, place: Place, occasion: Occasion, names: Names
) -> tuple[RiskWarning | None, tuple[Change, ...]]:  # fmt: skip
    """The warning as it is now, and the changes that made it so (none: nothing changed)."""
    if open_ is None and passage.grade is Grade.NONE and passage.proposed is None:
        return None, ()
    after = _warning(open_, called, passage, place, occasion, names)
    changes = tuple(_changes(open_, after, called, passage, occasion))
    proposal = next((one for one in changes if one.step is Step.PROPOSED), None)
    if proposal is not None:
        after = replace(after, proposed=proposal.after, proposed_at=proposal.at, proposal=proposal.key)
    elif passage.proposed is None:
        after = replace(after, proposed=None, proposed_at=None, proposal="")
    return after, changes


def warning_id(place: Place, occasion: Occasion) -> str:
    """Deterministic: area, topic and opening period, so that every history names it alike."""
    return f"{place[0]}.{place[1]}.{occasion.code}"


def _changes(
    open_: RiskWarning | None, after: RiskWarning, called: Call, passage: Passage, occasion: Occasion
) -> Iterator[Change]:
    before = open_.grade if open_ else Grade.NONE
    waited = open_.proposed if open_ else None
    usual = Change(
        warning=after.id, step=Step.ISSUED, at=occasion.at, before=before, after=passage.grade,
        reason=called.reason, by=occasion.by(passage.by) if passage.by else occasion.name,
        issuer=passage.issuer,
    )  # fmt: skip
    if waited is not None and waited not in (passage.grade, passage.proposed):
        declined = called.act is not None and called.act.kind is ActKind.DECLINE
        if declined or passage.proposed is None:
            answered = Step.DECLINED if declined else Step.WITHDRAWN
            yield replace(usual, step=answered, after=waited)
    kind = _kind(open_, after, called, passage)
    if kind is Step.HELD:
        yield replace(usual, step=kind, after=before, reason=f"held: {after.confidence_cause}")
    elif kind is not None:
        unanswered = passage.issuer is Issuer.UNANSWERED and passage.grade > before
        reason = f"{called.reason} ({UNANSWERED})" if unanswered else called.reason
        yield replace(usual, step=kind, reason=reason)
    if passage.proposed is not None and passage.proposed != waited:
        overtakes = "" if waited is None else f"overtakes {waited.word}; "
        yield replace(
            usual, step=Step.PROPOSED, before=passage.grade, after=passage.proposed,
            reason=f"{overtakes}{called.reason}", issuer=passage.needs,
        )  # fmt: skip


def _kind(open_: RiskWarning | None, after: RiskWarning, called: Call, passage: Passage) -> Step | None:
    before = open_.grade if open_ else Grade.NONE
    if passage.grade != before:
        if before is Grade.NONE:
            return Step.ISSUED
        if passage.grade is Grade.NONE:
            return Step.EXPIRED if called.expired else Step.LIFTED
        return Step.UPGRADED if passage.grade > before else Step.DOWNGRADED
    went_blind = open_ is not None and after.blind_since is not None and open_.blind_since is None
    return Step.HELD if went_blind and passage.grade is not Grade.NONE else None


def _warning(
    open_: RiskWarning | None, called: Call, passage: Passage, place: Place, occasion: Occasion, names: Names
) -> RiskWarning:  # fmt: skip
    at = occasion.at
    if open_ is not None and passage.grade is Grade.NONE and passage.proposed is None:
        return replace(open_, lifted_at=at, judged_at=at, score=0.0)
    least = min(called.behind, key=lambda one: one.confidence) if called.behind else None
    blind = [one.blind_since for one in called.behind]
    blind_since = min((moment for moment in blind if moment), default=None) if all(blind) else None
    confidence, cause = (least.confidence, least.confidence_cause) if least else (Confidence.HIGH, "")
    if blind_since is not None:
        confidence, cause = Confidence.LOW, f"nobody can say whether it is over{_because(called.behind)}"
    fresh = open_ or RiskWarning(
        id=warning_id(place, occasion), area=place[0], topic=place[1],
        domain=names.domain(open_, called, place[1]), grade=passage.grade, score=0.0, confidence=confidence,
        title_en=names.topic(place[1]).en, title_zh=names.topic(place[1]).zh, since=at, judged_at=at,
    )  # fmt: skip
    title = names.title(called, Text(fresh.title_en, fresh.title_zh))
    rules = tuple(one.rule for one in called.behind)
    return replace(
        fresh, grade=passage.grade, confidence=confidence, confidence_cause=cause, judged_at=at,
        blind_since=blind_since, rules=rules or (fresh.rules if passage.grade > called.grade else ()),
        title_en=title.en, title_zh=title.zh,
        issuer=passage.issuer if open_ is None or passage.grade != fresh.grade else fresh.issuer,
    )  # fmt: skip


def _because(blind: Sequence[Standing]) -> str:
    """What is missing to say so, of the highest finding that names it."""
    return next((f": {one.confidence_cause}" for one in blind if one.confidence_cause), "")
