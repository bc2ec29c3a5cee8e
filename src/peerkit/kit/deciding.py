# SPDX-License-Identifier: Apache-2.0
"""Whose decision an act needs, and how strong: what is wrong with the one that it carries."""

from __future__ import annotations

from collections.abc import Callable

from peerkit.model.actor import Actor
from peerkit.model.acts import Act, Row
from peerkit.model.authority import area_of
from peerkit.model.base import Record
from peerkit.model.decision import OUTSIDE, How
from peerkit.model.sharing import Consent


def witness_fault(act: Act, kind: str, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Whether an act's decision has a witness who is nobody: (code, sentence), or None."""
    witness = act.decision.witness
    if witness is None or witness.startswith(OUTSIDE) or known(witness):
        return None
    told = "the witness is nobody the program knows: name a person by id, or say outside: and who"
    return "unknown-witness", f"{kind}.{act.name}: {told}"


Authorized = Callable[[str, str, str], bool]
"""Whether a human may decide for a person what is in an area (`model.authority`), now."""


def nobody(_human: str, _person: str, _area: str) -> bool:
    """Where nothing says that anybody may decide in another's place."""
    return False


def decision_fault(
    act: Act, row: Row | None, record: Record, actor: Actor, authorized: Authorized = nobody
) -> tuple[str, str] | None:
    """What is wrong with an act's decision: (code, sentence), or None."""
    name, decision = f"{record.kind}.{act.name}", act.decision
    if row is None:
        return "kit-only", f"{name} is an act of the kit's own, of no lifecycle table"
    decider = decision.by or actor.person
    whose = decision.on_behalf_of or decider
    if decision.on_behalf_of is not None and (fault := _in_their_place(act, record, actor, authorized)):
        return fault
    if actor.is_system and decider != actor.person:
        return "system-decides", f"{name}: a part of a program decides for nobody"
    if decider != actor.person and decision.how in {How.account, How.link}:
        # A link leads into the person's own session: of another's it would be a mere claim.
        return (
            "not-their-account",
            f"{name}: another's decision needs how it was given (paper, spoken, device)",
        )
    if decision.witness is not None and decision.heard_by in {actor.person, decider}:
        return "own-witness", f"{name}: who gives or records a spoken decision is not its witness"
    if row.who != ("anyone",) and not _decides(whose, row, record, actor):
        whose = " or ".join(
            "the kit itself" if w == "kit" else "the person" if w in {"self", "person"} else f"the {w}"
            for w in row.who
        )
        return "not-theirs", f"{name} is decided by {whose}"
    if actor.is_system or "anyone" in row.who:
        return None
    if decision.strength < row.strength:
        return (
            "too-weak",
            f"{name} needs a decision that is {row.strength.name}; this one is {decision.strength.name}",
        )
    return None


def _in_their_place(act: Act, record: Record, actor: Actor, authorized: Authorized) -> tuple[str, str] | None:
    """What is wrong with deciding this act for somebody else; nothing but an authority makes it right."""
    name, decision = f"{record.kind}.{act.name}", act.decision
    human, person = decision.by or actor.person, decision.on_behalf_of or ""
    if actor.is_system:
        return "system-decides", f"{name}: a part of a program decides for nobody"
    area = area_of(record.kind, act.name)
    if not area or (isinstance(record, Consent) and act.name == "lift" and not record.in_place):
        return "persons-own", f"{name}: nobody decides this in the person's place, whatever a paper says"
    if human == actor.person:
        told = "another writes it down than the one who decides it in the person's place"
        return "own-authority", f"{name}: {told}"
    if not authorized(human, person, area):
        return "no-authority", f"{name}: no authority lets this human decide it in the person's place now"
    return None


def _decides(decider: str, row: Row, record: Record, actor: Actor) -> bool:
    for who in row.who:
        if who == "anyone" or (who == "kit" and actor.is_system):
            return True
        if actor.is_system or who == "kit":
            continue  # a system actor never decides for anyone, nobody for the kit
        held = record.id if who == "self" else getattr(record, who)
        if decider == held or (isinstance(held, tuple) and decider in held):
            return True
    return False
