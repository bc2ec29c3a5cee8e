# SPDX-License-Identifier: Apache-2.0
"""peerkit inside an async app: a thread for each piece of work, whatever becomes of who awaits it."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from peerkit import GoalPlan, Person, Progress, Refused
from peerkit.kit.session import Session


def begun(world: Any) -> GoalPlan:
    with world.kit.session(actor=world.maya) as s:
        return s.save(GoalPlan.begin(person=world.maya).add_goal("Walk to the library on Saturdays"))


def test_what_is_awaited_is_durable_and_the_loop_goes_on_meanwhile(world: Any) -> None:
    plan = begun(world)
    loops: set[str] = set()
    go = threading.Event()

    def work(s: Session) -> None:
        loops.add(threading.current_thread().name)
        assert go.wait(60)  # only the loop sets it: a call that blocked the loop would never end
        s.save(Progress.note(plan=plan, goal=plan.goals[0].id, words="Week 1", author=world.maya))

    async def main() -> None:
        running = asyncio.ensure_future(world.kit.arun(work, actor=world.maya))
        await asyncio.sleep(0)
        go.set()
        receipt = await running
        assert receipt.last > 0

    asyncio.run(main())
    assert threading.current_thread().name not in loops
    with world.kit.session(actor=world.maya) as s:
        assert s.count(Progress, plan=plan.id) == 1


def test_many_at_once_lose_nothing(world: Any) -> None:
    plan = begun(world)

    async def main() -> None:
        async def note(number: int) -> None:
            made = Progress.note(plan=plan, goal=plan.goals[0].id, words=f"Week {number}", author=world.maya)
            await world.kit.arun(lambda s: s.save(made), actor=world.maya)

        await asyncio.gather(*(note(number) for number in range(25)))

    asyncio.run(main())
    with world.kit.session(actor=world.maya) as s:
        assert {one.words for one in s.find(Progress, plan=plan.id)} == {f"Week {n}" for n in range(25)}
    assert world.kit.verify().intact


def test_the_same_record_from_many_sides_is_read_again_and_decided_anew(world: Any) -> None:
    plan = begun(world)

    async def main() -> None:
        async def add(number: int) -> None:
            def work(s: Session) -> None:
                s.save(s.get(GoalPlan, plan.id).add_goal(f"Goal {number}"))

            await world.kit.arun(work, actor=world.maya, retries=50)

        await asyncio.gather(*(add(number) for number in range(8)))

    asyncio.run(main())
    with world.kit.session(actor=world.maya) as s:
        assert len(s.get(GoalPlan, plan.id).goals) == 9


def test_errors_arrive_where_they_are_awaited(world: Any) -> None:
    async def main() -> None:
        await world.kit.arun(
            lambda s: s.save(s.get(Person, world.maya.id).update(pronouns="they/them")), actor=world.sam
        )

    with pytest.raises(Refused) as caught:
        asyncio.run(main())
    assert caught.value.codes == ("not-theirs",)


def test_who_stopped_waiting_asks_again_with_the_key(world: Any) -> None:
    """A client hangs up: the thread finishes all the same, and the key says that it did."""
    plan = begun(world)
    began, go = threading.Event(), threading.Event()

    def work(s: Session) -> None:
        began.set()
        assert go.wait(60)
        s.save(Progress.note(plan=plan, goal=plan.goals[0].id, words="Once", author=world.maya))

    async def main() -> bool:
        waiting = asyncio.ensure_future(world.kit.arun(work, actor=world.maya, key="request-1"))
        await asyncio.to_thread(began.wait)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        go.set()
        # Either the first is done by now, or both run and one of the two commits is given up for the other.
        again = await world.kit.arun(work, actor=world.maya, key="request-1")
        return again.replayed

    asyncio.run(main())
    with world.kit.session(actor=world.maya) as s:
        assert s.count(Progress, plan=plan.id) == 1


def test_an_answer_from_an_async_handler_is_durable_when_it_returns(world: Any) -> None:
    async def main() -> Any:
        with world.kit.session(actor=world.sam) as s:
            screen = await asyncio.to_thread(s.screening, "asq", world.maya)
            return await asyncio.to_thread(screen.answer, "q5", value=True)

    steps = asyncio.run(main())
    assert steps.level == "now"
    assert [line.level for line in world.kit.alerts()] == ["now"]
