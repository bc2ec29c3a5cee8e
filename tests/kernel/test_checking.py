# SPDX-License-Identifier: Apache-2.0
"""Checks of plugins: objections together, and what they read guards the commit."""

from __future__ import annotations

from typing import Any

import pytest
from trial_plugin import Plugin, call, every, save, story

import peerkit
from peerkit import (
    Decision,
    GoalPlan,
    Objection,
    PeerSupporter,
    Person,
    Refused,
    Relationship,
    Task,
)

NOBODY = "0192f3a0-0000-7000-8000-000000000000"


def test_a_check_that_raises_is_an_objection(watch: Any) -> None:
    def check(proposal: Any) -> Any:
        raise LookupError

    with story(watch, Plugin(check=check)) as kit:
        with pytest.raises(Refused) as caught:
            save(kit, call(kit.sandbox_coordinator))
        assert caught.value.codes == ("check-failed",)
        assert "garden 1.2" in str(caught.value)
        assert not every(kit, Task)


def test_all_checks_object_together(watch: Any) -> None:
    def object_to(code: str) -> Any:
        return lambda proposal: [Objection(code, "no", t.kind, t.id) for t, _ in proposal.of(Task)]

    with story(watch, Plugin(check=object_to("a"), name="a"), Plugin(check=object_to("b"), name="b")) as kit:
        with pytest.raises(Refused) as caught, kit.session() as s:
            s.save(call(kit.sandbox_coordinator))
            s.save(s.save(Relationship.enquire(person=s.actor.person)).propose(NOBODY))
        assert set(caught.value.codes) == {"a", "b", "no-supporter", "unknown-person"}


@pytest.mark.parametrize("narrowed", ["", "subject", "person"])
def test_what_a_check_read_guards_the_commit(store: Any, narrowed: str) -> None:
    """Somebody changes it in between: the check is asked again and sees the new state."""
    seen: list[int] = []
    elsewhere: list[Any] = []

    def check(proposal: Any) -> Any:
        for _task, _ in proposal.of(Task):
            about = {narrowed: maya.id} if narrowed else {}
            seen.append(len(proposal.view.find(PeerSupporter, **about)))
            if len(seen) == 1:
                elsewhere.pop()()
            if seen[-1]:
                yield Objection("somebody-is-there", "no need to call")

    with store.open() as other, store.open(Plugin(check=check)) as kit:
        with other.session(actor=peerkit.Actor.system("test")) as s:
            robin = s.find(Person)[0]
        with other.session(actor=robin) as s:
            maya = s.save(Person.enrol(name="Maya Example"))

        def welcome() -> None:
            with other.session(actor=robin) as s:
                s.save(PeerSupporter.welcome(maya, by=Decision.of(maya, how="spoken")))

        elsewhere.append(welcome)
        with pytest.raises(Refused) as caught, kit.session(actor=robin) as s:
            s.save(call(robin))
        assert caught.value.codes == ("somebody-is-there",)
        assert seen == [0, 1]
        assert not every(kit, Task)


@pytest.mark.parametrize("narrowed", ["subject", "person"])
def test_what_no_check_read_does_not_hold_a_commit_up(store: Any, narrowed: str) -> None:
    """Neither a subject nor equality with a subject field stands for everybody's records of the kind."""
    asked: list[int] = []

    def check(proposal: Any) -> Any:
        for task, _ in proposal.of(Task):
            proposal.view.find(GoalPlan, **{narrowed: task.owner})
            asked.append(1)
            with other.session(actor=robin) as s:
                somebody = s.save(Person.enrol(name="Somebody Example"))
            with other.session(actor=somebody) as s:
                s.save(GoalPlan.begin(person=somebody))
        return ()

    with store.open() as other, store.open(Plugin(check=check)) as kit:
        with other.session(actor=peerkit.Actor.system("test")) as s:
            robin = s.find(Person)[0]
        with kit.session(actor=robin) as s:
            s.save(call(robin))
        assert asked == [1]


def test_a_name_means_the_same_to_a_view_and_to_a_session(watch: Any) -> None:
    """`about` is the task's field to both; whom a record is about is the view's `subject`."""
    seen: list[tuple[list[str], list[str]]] = []

    def check(proposal: Any) -> Any:
        for task, _ in proposal.of(Task):
            found = proposal.view.find(Task, about=task.about)
            of_them = proposal.view.find(Task, subject=task.owner)
            seen.append(([t.what for t in found], [t.what for t in of_them]))
        return ()

    with story(watch, Plugin(check=check)) as kit:
        robin = kit.sandbox_coordinator
        with kit.session() as s:
            plan = s.save(GoalPlan.begin(person=robin))
        save(kit, Task.give(owner=robin, what="other"))
        save(kit, Task.give(owner=robin, what="look", about=plan))
        with kit.session() as s:
            assert [t.what for t in s.find(Task, about=plan)] == ["look"]
    assert seen[-1] == (["look"], ["other", "look"])
