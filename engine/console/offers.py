"""What a visitor may do about a warning now: what the buttons say, and which keys press them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.console.scene import Scene
from engine.console.waiting import needs, proposal
from engine.duty.authority import may
from engine.model.act import ActKind
from engine.model.grade import Grade
from engine.model.staff import Right, Visitor
from engine.model.warning import RiskWarning
from engine.staff.rights import answers_for, needed

#: The key of each act.
KEYS = {
    ActKind.ACKNOWLEDGE: "A", ActKind.ISSUE: "I", ActKind.DECLINE: "D", ActKind.REGRADE: "G",
    ActKind.LIFT: "L", ActKind.SILENCE: "S", ActKind.CLOSE: "C", ActKind.COMMENT: "N",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """One act. press: it is done at once; else it asks for a reason first. receiver: for whom."""

    kind: ActKind
    press: bool = False
    grade: Grade | None = None
    receiver: str = ""

    @property
    def key(self) -> str:
        return KEYS.get(self.kind, "")


def offers(scene: Scene, visitor: Visitor, one: RiskWarning) -> list[Offer]:
    """Everything that may be done, what is pressing first."""
    found = [*_ruling(scene, visitor, one), *_answers(scene, visitor, one), *_others(scene, one)]
    return [offer for offer in found if visitor.may(_right(one, offer))]


def _right(one: RiskWarning, offer: Offer) -> Right:
    return needed(offer.kind, offer.grade or one.grade)


def _ruling(scene: Scene, visitor: Visitor, one: RiskWarning) -> Iterator[Offer]:
    """On what is proposed: one's own approval, once, and no approval of one's own wish."""
    if one.proposed is None:
        return
    # The change that proposes names the act of whoever asked for it by hand.
    wishes = [act.by for act in scene.people.acts.get(one.id, ()) if f"/{act.id}/" in one.proposal]
    own = visitor.name in (*proposal(scene, one).approved, *wishes)
    if not own and may(visitor.role, needs(scene, one)):
        yield Offer(ActKind.ISSUE, press=True, grade=one.proposed)
    yield Offer(ActKind.DECLINE)


def _answers(scene: Scene, visitor: Visitor, one: RiskWarning) -> Iterator[Offer]:
    """Read by whom it was told; what was answered can be taken back."""
    if not one.open or not one.issued:
        return
    told = sorted(r for r in scene.people.told.get(one.id, ()) if answers_for(visitor, r))
    unread = [receiver for receiver in scene.unanswered(one) if receiver in told]
    if unread:
        only = unread[0] if len(unread) == 1 else ""
        yield Offer(ActKind.ACKNOWLEDGE, press=bool(only), receiver=only)
    for receiver in told:
        if receiver not in unread:
            yield Offer(ActKind.UNACKNOWLEDGE, press=True, receiver=receiver)


def _others(scene: Scene, one: RiskWarning) -> Iterator[Offer]:
    if one.open:
        yield Offer(ActKind.REGRADE)
        yield Offer(ActKind.CLOSE)
        if one.grade in scene.world.settings.duty.silences and one.grade is not Grade.RED:
            yield Offer(ActKind.SILENCE)
        yield Offer(ActKind.LIFT)
    else:
        yield Offer(ActKind.CLOSE)
    yield Offer(ActKind.COMMENT)


