# SPDX-License-Identifier: Apache-2.0
"""Pre-fork workers: a kit stays in the process that opened it, and each worker opens its own."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from typing import Any

import pytest

import peerkit
from peerkit import GoalPlan, Kit, Progress, StorageError, UnsavedScreen

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork on Windows")

Use = Callable[[Kit, str], object]

USES: dict[str, Use] = {
    "session": lambda kit, maya: kit.session(actor=maya),
    "run": lambda kit, maya: kit.run(lambda s: s.count(GoalPlan), actor=maya),
    "changes": lambda kit, _: kit.changes(),
    "verify": lambda kit, _: kit.verify(),
    "program": lambda kit, _: kit.program,
    "link": lambda kit, maya: kit.link("app", "user", maya),
    "actor_for": lambda kit, _: kit.actor_for("app", "maya"),
    "disclose": lambda kit, maya: list(kit.disclose(GoalPlan, to=maya, purpose="export", actor=maya)),
    "erase": lambda kit, maya: kit.erase(maya, basis="wish", asked_by=maya, decided_by="x"),
    "migrate": lambda kit, _: kit.migrate(),
}


def forked(work: Callable[[], str]) -> str:
    """What a forked child says."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def child() -> None:
        try:
            theirs.send(work())
        except BaseException as error:  # noqa: BLE001  # whatever it is, the parent tells it
            theirs.send(f"{type(error).__name__}: {error}")

    process = context.Process(target=child)
    process.start()
    said: str = ours.recv()
    process.join()
    return said


@pytest.mark.parametrize("use", USES)
def test_a_kit_that_was_opened_before_the_fork_refuses(world: Any, use: str) -> None:
    world.kit.link("app", "maya", world.maya)
    said = forked(lambda: str(USES[use](world.kit, world.maya.id)))
    assert said.startswith("StorageError: this kit was opened before a fork")
    assert "open one in each worker" in said


def test_the_parents_kit_goes_on(world: Any) -> None:
    forked(lambda: str(world.kit.session(actor=world.maya)))
    with world.kit.session(actor=world.maya) as s:
        s.save(GoalPlan.begin(person=world.maya))
    assert world.kit.verify().intact


def test_each_worker_opens_its_own(world: Any) -> None:
    url, maya = world.url, world.maya
    with world.kit.session(actor=maya) as s:
        plan = s.save(GoalPlan.begin(person=maya).add_goal("Walk to the library on Saturdays"))
    world.kit.close()  # before the fork: nothing of it is carried into the workers

    def work() -> str:
        with peerkit.open(url, discover=False) as own:
            for number in range(5):
                made = Progress.note(plan=plan, goal=plan.goals[0].id, words=f"Week {number}", author=maya)
                own.run(lambda s, made=made: s.save(made), actor=maya)
        return "done"

    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [one.exitcode for one in workers] == [0, 0, 0]
    with peerkit.open(url, discover=False) as kit, kit.session(actor=maya) as s:
        assert s.count(Progress, plan=plan.id) == 15
        assert kit.verify().intact


def test_a_closed_kit_says_so(world: Any) -> None:
    world.kit.close()
    with pytest.raises(StorageError):
        world.kit.changes()


def test_a_concern_in_a_forked_child_says_what_to_do(world: Any) -> None:
    """It cannot be stored there, and is not lost in silence: whoever is there gets the steps."""

    def work() -> str:
        try:
            world.kit.concern("I have not seen her for days", about=world.maya)
        except UnsavedScreen as error:
            return "\n".join(error.steps.sentences)
        return "stored"

    said = forked(work)
    assert "9-8-8" in said
    assert "nobody was told" in said
