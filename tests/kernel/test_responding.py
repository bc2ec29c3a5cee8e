# SPDX-License-Identifier: Apache-2.0
"""What responders add to a commit, and what happens when they, or checks, go wrong."""

from __future__ import annotations

from typing import Any

import pytest
from trial_plugin import Plugin, call, every, raises, save, story

import peerkit
from peerkit import (
    Decision,
    GoalPlan,
    Objection,
    Person,
    Refused,
    Relationship,
    Task,
)

# -- answers ---------------------------------------------------------------------------------------


def test_a_responder_acts_on_a_record_saved_in_the_same_commit(watch: Any) -> None:
    """The caller's acts are kept: each actor's step is its own version."""

    def hand_on(proposal: Any) -> Any:
        for task, change in proposal.of(Task, "give"):
            assert change.before is None
            yield task.done()

    with story(watch, Plugin(hand_on)) as kit:
        task = save(kit, call(kit.sandbox_coordinator))
        [stored] = every(kit, Task, what="call")
        assert (stored.id, stored.version, stored.state) == (task.id, 2, "done")
        feed = [e for e in kit.changes(limit=100).envelopes if e.id == task.id]
        assert [(e.version, e.acts[0].name, e.actor) for e in feed] == [
            (1, "give", kit.sandbox_coordinator),
            (2, "done", "system:garden"),
        ]
        assert [e.module for e in feed][1] == "garden"
        assert feed[1].acts[0].strength == 0


def test_two_responders_act_on_one_record_in_one_round(watch: Any) -> None:
    """The second answer was made on what the first has changed: its acts hold for that too."""

    def suggest(words: str) -> Any:
        def respond(proposal: Any) -> Any:
            for plan, _ in proposal.of(GoalPlan, "begin"):
                yield plan.suggest(words)

        return respond

    with story(watch, Plugin(suggest("beans"), name="a"), Plugin(suggest("peas"), name="b")) as kit:
        save(kit, GoalPlan.begin(person=kit.sandbox_coordinator))
        [plan] = every(kit, GoalPlan)
        assert [goal.words for goal in plan.goals] == ["beans", "peas"]
        assert plan.version == 3
        assert not every(kit, Task, what="plugin-failed")


def test_one_responder_answers_twice_about_one_record(watch: Any) -> None:
    def respond(proposal: Any) -> Any:
        for plan, _ in proposal.of(GoalPlan, "begin"):
            yield plan.suggest("beans")
            yield plan.suggest("peas")

    with story(watch, Plugin(respond)) as kit:
        save(kit, GoalPlan.begin(person=kit.sandbox_coordinator))
        [plan] = every(kit, GoalPlan)
        assert [goal.words for goal in plan.goals] == ["beans", "peas"]


def test_an_answer_that_no_longer_holds_is_left_out_and_named(watch: Any) -> None:
    def finish(proposal: Any) -> Any:
        for task, _ in proposal.of(Task, "give"):
            if task.what == "call":
                yield task.done()

    def drop(proposal: Any) -> Any:
        for task, _ in proposal.of(Task, "give"):
            if task.what == "call":
                yield call(proposal.actor, "also")
                yield task.drop()

    with story(watch, Plugin(finish, name="a"), Plugin(drop, name="b")) as kit:
        save(kit, call(kit.sandbox_coordinator))
        assert [one.state for one in every(kit, Task, what="call")] == ["done"]
        assert not every(kit, Task, what="also")  # all that one plugin answers, or nothing of it
        [failed] = every(kit, Task, what="plugin-failed")
        assert failed.note.startswith("b ")


def test_checks_see_what_was_added(watch: Any) -> None:
    seen: list[Any] = []

    def respond(proposal: Any) -> Any:
        return [call(proposal.actor, "also") for task, _ in proposal.of(Task) if task.what == "call"]

    def check(proposal: Any) -> Any:
        seen.extend(sorted(task.what for task, _ in proposal.of(Task)))
        seen.append(len(proposal.view.find(Task)))
        return ()

    with story(watch, Plugin(respond, check)) as kit:
        save(kit, call(kit.sandbox_coordinator))
    assert seen == ["also", "call", 2]


def restless(proposal: Any) -> Any:
    """Answers itself, for ever."""
    for _, change in proposal.of(Person):
        if "mark_died" in change.acts or "enrol" in change.acts:
            yield call(proposal.actor, "again")
    for task, _ in proposal.of(Task):
        yield call(proposal.actor, task.what)


def flood(proposal: Any) -> Any:
    """Answers with more than a commit holds."""
    if not list(proposal.of(Task)):
        yield from (call(proposal.actor, "also") for _ in range(1500))


@pytest.mark.parametrize(("respond", "why"), [(restless, "not quiet"), (flood, "more than a commit holds")])
def test_nothing_that_a_plugin_answers_refuses_a_fact(watch: Any, respond: Any, why: str) -> None:
    """A death is one, and everybody's commits go on too: the plugin has failed, and a task names it."""
    with story(watch, Plugin(respond)) as kit:
        with kit.session() as s:
            maya = s.save(Person.enrol(name="Maya Example"))
        with kit.session() as s:
            s.save(s.get(Person, maya).mark_died())
        assert [one.state for one in every(kit, Person) if one.id == maya.id] == ["died"]
        failed = every(kit, Task, what="plugin-failed")
        assert [one.about for one in failed] == [maya.id, maya.id]
        assert all(why in one.note and one.note.startswith("garden 1.2") for one in failed)
        assert not every(kit, Task, what="again")
        assert not every(kit, Task, what="also")


def test_one_that_is_not_quiet_costs_no_other_its_answer(watch: Any) -> None:
    def also(proposal: Any) -> Any:
        return [call(proposal.actor, "also") for _ in proposal.of(Person, "enrol")]

    with story(watch, Plugin(also, name="a"), Plugin(restless, name="b")) as kit:
        save(kit, Person.enrol(name="Maya Example"))
        assert len(every(kit, Task, what="also")) == 1
        assert not every(kit, Task, what="again")
        [failed] = every(kit, Task, what="plugin-failed")
        assert failed.note.startswith("b ")


def test_an_answer_that_a_check_objects_to_costs_the_plugin_and_not_the_caller(watch: Any) -> None:
    """What the caller saved is judged for itself."""

    def respond(proposal: Any) -> Any:
        for task, _ in proposal.of(Task):
            if task.what == "call":
                yield call(proposal.actor, "wrong")

    def also(proposal: Any) -> Any:
        return [call(proposal.actor, "also") for t, _ in proposal.of(Task) if t.what == "call"]

    def check(proposal: Any) -> Any:
        for task, _ in proposal.of(Task):
            if task.what in {"wrong", "refused"}:
                yield Objection("wrong-task", "no", task.kind, task.id)

    plugins = Plugin(respond, name="a"), Plugin(also, name="b"), Plugin(check=check, name="c")
    with story(watch, *plugins) as kit:
        me = kit.sandbox_coordinator
        save(kit, call(me))
        assert sorted(one.what for one in every(kit, Task)) == ["also", "call", "plugin-failed"]
        [failed] = every(kit, Task, what="plugin-failed")
        assert failed.note.startswith("a ")
        assert "wrong-task" in failed.note
        with pytest.raises(Refused) as caught:
            save(kit, call(me, "refused"))
        assert caught.value.codes == ("wrong-task",)


# -- answers that are not taken --------------------------------------------------------------------


def raises_half_way(proposal: Any) -> Any:
    for task, _ in proposal.of(Task):
        if task.what == "call":
            yield call(proposal.actor, "also")
            raise LookupError


def decides_for_somebody(proposal: Any) -> Any:
    for task, _ in proposal.of(Task):
        if task.what == "call":
            yield call(proposal.actor, "also")
            yield Person.enrol(name="x", by=Decision.of("somebody", how="spoken"))


def adopts_for_somebody(proposal: Any) -> Any:
    for plan, _ in proposal.of(GoalPlan, "suggest"):
        yield plan.adopt(plan.goals[0].id)


def agrees_for_somebody(proposal: Any) -> Any:
    for task, _ in proposal.of(Task):
        if task.what == "call":
            yield Relationship.enquire(person=proposal.actor)


def changes_without_an_act(proposal: Any) -> Any:
    import attrs

    for task, _ in proposal.of(Task, "give"):
        if task.what == "call":
            yield attrs.evolve(task, what="other")


def writes_nonsense(proposal: Any) -> Any:
    return [call(proposal.actor, 5) for t, _ in proposal.of(Task) if t.what == "call"]  # type: ignore[arg-type]


def writes_what_only_the_kit_writes(proposal: Any) -> Any:
    from peerkit.testing import make

    return [make(peerkit.Read) for t, _ in proposal.of(Task) if t.what == "call"]


def raises_an_alarm_by_itself(proposal: Any) -> Any:
    from peerkit.testing import make

    return [make(peerkit.Alert) for t, _ in proposal.of(Task) if t.what == "call"]


@pytest.mark.parametrize(
    "respond",
    [
        raises,
        raises_half_way,
        decides_for_somebody,
        agrees_for_somebody,
        changes_without_an_act,
        writes_nonsense,
        writes_what_only_the_kit_writes,
        raises_an_alarm_by_itself,
    ],
)
def test_a_responder_that_goes_wrong_costs_a_task_and_nothing_else(watch: Any, respond: Any) -> None:
    seen: list[int] = []

    def check(proposal: Any) -> Any:
        seen.append(len(proposal.view.find(Task, what="call")))
        return ()

    with story(watch, Plugin(respond, check, writes={"*"})) as kit:
        task = save(kit, call(kit.sandbox_coordinator))
        assert seen == [1]  # what the caller saved is still in sight
        tasks = every(kit, Task)
        assert sorted(one.what for one in tasks) == ["call", "plugin-failed"]
        [failed] = every(kit, Task, what="plugin-failed")
        assert (failed.owner, failed.about) == (kit.sandbox_coordinator, task.id)
        assert failed.note.startswith("garden 1.2")
        assert len(every(kit, Person)) == 1
        assert not every(kit, peerkit.Read)
        assert not every(kit, Relationship)
        assert kit.verify().intact


def test_a_responder_adopts_nothing_for_anybody(watch: Any) -> None:
    with story(watch, Plugin(adopts_for_somebody)) as kit:
        me = kit.sandbox_coordinator
        save(kit, GoalPlan.begin(person=me).suggest("x"))
        [plan] = every(kit, GoalPlan)
        assert (plan.goals[0].state, plan.version) == ("suggested", 1)
        assert "decided by the person" in every(kit, Task, what="plugin-failed")[0].note


def test_one_that_raises_does_not_stop_another(watch: Any) -> None:
    def also(proposal: Any) -> Any:
        return [call(proposal.actor, "also") for t, _ in proposal.of(Task) if t.what == "call"]

    with story(watch, Plugin(raises, name="a"), Plugin(also, name="b")) as kit:
        save(kit, call(kit.sandbox_coordinator))
        assert sorted(one.what for one in every(kit, Task)) == ["also", "call", "plugin-failed"]


# -- checks ----------------------------------------------------------------------------------------
