# SPDX-License-Identifier: Apache-2.0
"""Erasing somebody whose records were joined, or whose record was opened without their word."""

from __future__ import annotations

from typing import Any

import pytest
from merging_house import join, part

from peerkit import BreakGlass, GoalPlan, Refused, Task
from peerkit.kinds import core_kind
from peerkit.kit import merging
from peerkit.kit.erasing import NEVER
from peerkit.model.base import INDEXED

World = Any


@pytest.fixture
def town(world: World) -> World:
    """Three records of one human, each with a plan; a privacy contact, and a second coordinator."""
    world.office("pat", "privacy")
    world.office("rita", "coordinator")
    for who in (world.first, world.second, world.third):
        world.save(GoalPlan.begin(person=who, hopes="canary"), actor=who)
    return world


def erased(world: World, *records: Any) -> Any:
    return world.kit.erase(*records, basis="wish", asked_by=world.theo, decided_by=world.pat)


def words(world: World) -> set[str]:
    """The kinds of which any version still says it."""
    after: str | None = None
    found: set[str] = set()
    while (page := world.kit.changes(after, 1000)).envelopes:
        for envelope in page.envelopes:
            for one in world.kit.storage.history(envelope.kind, envelope.id):
                if b"canary" in (one.body or b"") + (one.args or b""):
                    found.add(one.envelope.kind)
        after = page.cursor
    return found


def test_a_chain_of_merges_goes_to_its_end(town: World) -> None:
    town.kit.merge(town.second, town.first, reason="canary", actor=town.coordinator)
    town.kit.merge(town.third, town.second, reason="canary", actor=town.coordinator)
    assert words(town)
    done = erased(town, town.third)
    assert done.shared == ()
    assert words(town) == set()
    for one in (town.first, town.second, town.third):
        assert town.kit.storage.get("person", one.id).body is None
    assert town.kit.verify().intact


@pytest.mark.parametrize("where", ["merge", "split"])
def test_not_while_a_merge_is_under_way(town: World, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: Any) -> Any:
        raise RuntimeError("the power was cut")

    joined = None if where == "merge" else join(town, town.second, town.first)
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        if joined is None:
            patched.setattr(merging, "_move", cut)
            join(town, town.second, town.first)
        else:
            patched.setattr("peerkit.kit.parting._give_back", cut)
            part(town, joined)
    for one in (town.first, town.second):
        with pytest.raises(Refused, match=r"kit\.merge") as refused:
            erased(town, one)
        assert refused.value.codes == ("merge-running",)
    if joined is None:
        join(town, town.second, town.first)
        with pytest.raises(Refused) as refused:  # what is about them hangs on the other one
            erased(town, town.first)
        assert refused.value.codes == ("merged-already",)
    else:
        part(town, joined)
    assert erased(town, town.second).versions
    left = {town.third.id} if joined is None else {town.third.id, town.first.id}
    assert {plan.person for plan in town.every(GoalPlan)} == left


def test_why_two_records_were_joined_and_parted_goes_with_either(town: World) -> None:
    done = town.kit.merge(town.second, town.first, reason="canary", actor=town.coordinator)
    town.kit.split(done.merge, reason="canary", actor=town.coordinator)
    erased(town, town.first)
    assert words(town) == {"goal_plan"}  # those of the others
    assert town.kit.log(actor=town.second)
    with pytest.raises(Refused) as refused:
        erased(town, town.kit.merge(town.third, town.second, reason="x", actor=town.coordinator).merge)
    assert refused.value.codes == ("never-erased",)  # it goes with its person alone


def test_why_a_glass_was_broken_goes_with_whose_record_it_was(town: World) -> None:
    glass = town.kit.break_glass(town.first, reason="canary", actor=town.coordinator)
    for record in (town.first, glass):
        with pytest.raises(Refused) as refused:
            erased(town, record)
        assert refused.value.codes == ("unreviewed" if record is town.first else "never-erased",)
    review = town.get(glass).review(reviewer=town.rita, finding="sound", words="canary")
    town.save(review, actor=town.rita)
    done = erased(town, town.first)
    assert done.shared == ()
    assert words(town) == {"goal_plan"}
    assert town.every(BreakGlass) == town.every(Task, about=glass.id) == []
    # Who opened it, and who reviewed that, stays known.
    versions = town.kit.storage.history("break_glass", glass.id)
    assert ("reader", town.coordinator.id) in versions[0].envelope.subjects
    assert [(one.envelope.acts[-1].name, one.envelope.actor) for one in versions][-1] == (
        "review",
        town.rita.id,
    )
    assert town.kit.verify().intact


def test_who_broke_a_glass_takes_nobody_elses_along(town: World) -> None:
    """The record of it is the other person's: it neither goes with the reader, nor is it shared with them."""
    noor = town.supporter("noor")
    glass = town.kit.break_glass(town.first, reason="canary", actor=noor)
    town.save(town.get(noor).leave(), actor=noor)
    assert ("break_glass", glass.id) not in erased(town, noor).shared
    assert town.get(glass).reason == "canary"


def test_what_is_never_erased_holds_nobodys_words() -> None:
    held = {
        (kind, name)
        for kind in NEVER
        for name, of in core_kind(kind).field_classes.items()
        if of not in INDEXED
    }
    assert held == {("read", "why")}  # a code, or a reader's reason that names nobody
