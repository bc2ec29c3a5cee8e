# SPDX-License-Identifier: Apache-2.0
"""What is checked about plans and what goes with them: whose words a suggestion is, that what is signed is
what stands, and that what people say of the support they had is about people whom the program knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from peerkit.errors import Objection
from peerkit.hooks import Proposal, Proposed, View
from peerkit.model.base import Record
from peerkit.model.outcomes import Feedback, Measure
from peerkit.model.people import Person
from peerkit.model.plan import Goal, GoalPlan
from peerkit.model.relationship import Relationship
from peerkit.model.review import FollowUp
from peerkit.model.safety_plan import Entry, SafetyPlan
from peerkit.model.signing import SIGNED_KINDS, Signature, fingerprint
from peerkit.rules.readable import find, get

_SIGNED: dict[str, type[Record]] = dict(zip(SIGNED_KINDS, (GoalPlan, Relationship), strict=True))


def _against(code: str, sentence: str, record: Record) -> Objection:
    return Objection(code, sentence, record.kind, record.id)


def whose_suggestion(proposal: Proposal) -> Iterator[Objection]:
    """A suggestion says whose it is, and that is who makes it: it stays theirs when the person has long put
    it in words of their own."""
    plans: list[tuple[GoalPlan | SafetyPlan, Proposed]] = [*proposal.of(GoalPlan, "suggest")]
    for plan, change in [*plans, *proposal.of(SafetyPlan, "suggest")]:
        known = {one.id for one in _suggestions(change.before)}
        made = zip(change.acts, change.deciders, strict=True)
        makers = Counter(who for act, who in made if act == "suggest")
        for one in _suggestions(plan):
            if one.id in known:
                continue
            own = [who for who in makers if who == plan.person or who.startswith("system:")]
            whose = one.suggested_by or next((who for who in own if makers[who] > 0), "")
            if makers[whose] < 1:
                told = "a suggestion says whose it is: author= is whoever makes it"
                yield _against("whose-suggestion", told, plan)
            makers[whose] -= 1


def _suggestions(plan: Record | None) -> list[Goal | Entry]:
    """What in a plan others put forward, adopted since or not."""
    held = plan.goals if isinstance(plan, GoalPlan) else plan.entries if isinstance(plan, SafetyPlan) else ()
    return [one for one in held if one.suggested]


def signed_as_it_stands(proposal: Proposal) -> Iterator[Objection]:
    """What is signed is what stands, word for word, and whoever signs is one of the two."""
    view = proposal.view
    for signature, _ in proposal.of(Signature, "sign"):
        stands = get(view, _SIGNED[signature.of], signature.signed)
        same = stands is not None and (stands.version, fingerprint(stands)) == (
            signature.signed_version,
            signature.sha256,
        )
        if stands is None or not same:
            told = "what was signed is not what stands now: read it again, and sign that"
            yield _against("not-as-signed", told, signature)
        elif not _a_party(view, signature, stands):
            told = f"who signs is not the {signature.signed_as} here"
            yield _against("no-party", told, signature)


def _a_party(view: View, signature: Signature, stands: Record) -> bool:
    if signature.signed_as == "person":
        return signature.signer == signature.person
    if isinstance(stands, Relationship):
        return signature.signer == stands.supporter
    beside = find(view, Relationship, subject=signature.person)
    return any(
        one.supporter == signature.signer
        and one.person == signature.person
        and one.state in {"agreed", "paused"}
        for one in beside
    )


def somebody_known(proposal: Proposal) -> Iterator[Objection]:
    """Feedback and measures are of, and feedback about, people whom the program knows. They may have left:
    afterwards is when many can say how it was."""
    for measure, _ in proposal.of(Measure):
        yield from _unknown(proposal.view, measure, measure.person)
    for follow_up, _ in proposal.of(FollowUp, "agree"):
        yield from _unknown(proposal.view, follow_up, follow_up.person)
    for feedback, _ in proposal.of(Feedback, "give", "decline", "share"):
        named = (feedback.person, feedback.about, *feedback.shared_with)
        yield from _unknown(proposal.view, feedback, *named)


def _unknown(view: View, record: Record, *people: str) -> Iterator[Objection]:
    if any(one and view.get(Person, one) is None for one in people):
        yield _against("unknown-person", f"{record.kind} names nobody the program knows", record)


ALL = (whose_suggestion, signed_as_it_stands, somebody_known)

KINDS: frozenset[type[Record]] = frozenset({Feedback, FollowUp, GoalPlan, Measure, SafetyPlan, Signature})
"""The kinds that any of these looks for among what is new."""
