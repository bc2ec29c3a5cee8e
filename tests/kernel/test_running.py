# SPDX-License-Identifier: Apache-2.0
"""`kit.run`: retried on Conflict, done once with a key, from threads and from async hosts too."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import Conflict, Malformed, Person, Receipt, Refused, Relationship, Task

NOBODY = "0192f3a0-0000-7000-8000-000000000000"


def give(what: str = "call") -> Any:
    def work(s: Any) -> Task:
        return s.save(Task.give(owner=s.actor.person, what=what))

    return work


def test_it_commits_and_gives_the_receipt_with_the_result(world: Any) -> None:
    receipt = world.kit.run(give(), actor=world.coordinator)
    assert isinstance(receipt, Receipt)
    assert receipt.records == (("task", receipt.result.id, 1),)
    assert (receipt.key, receipt.replayed) == (None, False)
    assert world.get(receipt.result).what == "call"


def test_a_function_that_raises_writes_nothing(world: Any) -> None:
    def work(s: Any) -> None:
        s.save(Task.give(owner=s.actor.person, what="call"))
        raise ZeroDivisionError

    for key in (None, "k"):
        with pytest.raises(ZeroDivisionError):
            world.kit.run(work, actor=world.coordinator, key=key)
    assert not world.every(Task)
    assert world.kit.run(give(), actor=world.coordinator, key="k").replayed is False


def test_a_refusal_is_not_retried_and_does_not_use_up_the_key(world: Any) -> None:
    calls = []

    def work(s: Any) -> None:
        calls.append(1)
        s.save(s.save(Relationship.enquire(person=world.coordinator)).propose(NOBODY))

    with pytest.raises(Refused):
        world.kit.run(work, actor=world.coordinator, key="k")
    assert len(calls) == 1
    assert world.kit.run(give(), actor=world.coordinator, key="k").replayed is False


# -- conflicts -------------------------------------------------------------------------------------


def test_a_conflict_is_read_and_decided_anew(world: Any) -> None:
    shared = world.save(Task.give(owner=world.coordinator, what="call"))
    tries = []

    def work(s: Any) -> None:
        mine = s.get(Task, shared.id)
        tries.append(mine.version)
        if len(tries) < 3:  # somebody is faster, twice
            world.save(world.get(shared).hand_to(world.coordinator))
        s.save(mine.done())

    world.kit.run(work, actor=world.coordinator)
    assert tries == [1, 2, 3]
    assert (world.get(shared).version, world.get(shared).state) == (4, "done")


@pytest.mark.parametrize("retries", [0, 1, 4])
def test_retries_are_exhausted(world: Any, retries: int) -> None:
    shared = world.save(Task.give(owner=world.coordinator, what="call"))
    tries = []

    def work(s: Any) -> None:
        mine = s.get(Task, shared.id)
        tries.append(1)
        world.save(world.get(shared).hand_to(world.coordinator))
        s.save(mine.done())

    with pytest.raises(Conflict):
        world.kit.run(work, actor=world.coordinator, retries=retries)
    assert len(tries) == retries + 1
    assert world.get(shared).state == "open"


@pytest.mark.parametrize("retries", [-1, 1.5, "3", True, None])
def test_wrong_retries_are_malformed(world: Any, retries: Any) -> None:
    with pytest.raises(Malformed):
        world.kit.run(give(), actor=world.coordinator, retries=retries)
    assert not world.every(Task)


@pytest.mark.parametrize("key", ["", 5, b"k", "\ud800", ("a",)])
def test_a_key_is_a_text(world: Any, key: Any) -> None:
    with pytest.raises(Malformed):
        world.kit.run(give(), actor=world.coordinator, key=key)
    assert not world.every(Task)


# -- keys ------------------------------------------------------------------------------------------


def test_with_a_key_it_is_done_once(world: Any) -> None:
    first = world.kit.run(give(), actor=world.coordinator, key="order 7")
    world.watch.forward(days=3)
    position = world.kit.storage.position()
    for work in (give("something else"), lambda _: 1 / 0, lambda s: s.find(peerkit.Refusal)):
        again = world.kit.run(work, actor=world.coordinator, key="order 7")
        assert (again.replayed, first.replayed) == (True, False)
        assert (again.records, again.first, again.last, again.at) == (
            first.records,
            first.first,
            first.last,
            first.at,
        )
        assert again.result is None
    assert world.kit.storage.position() == position  # heard for the safety lane alone: not even a refusal
    assert len(world.every(Task)) == 1


def test_a_retried_act_that_is_no_longer_legal_is_answered_with_the_first_receipt(world: Any) -> None:
    one = world.save(Task.give(owner=world.coordinator, what="call"))

    def finish(s: Any) -> None:
        s.save(s.get(Task, one.id).done())

    first = world.kit.run(finish, actor=world.coordinator, key="finish")
    assert world.kit.run(finish, actor=world.coordinator, key="finish").records == first.records
    with pytest.raises(Refused):
        world.kit.run(finish, actor=world.coordinator, key="another")


def test_keys_belong_to_whoever_acts(world: Any) -> None:
    world.kit.run(give(), actor=world.coordinator, key="k")
    receipt = world.kit.run(
        lambda s: s.save(peerkit.GoalPlan.begin(person=world.maya)), actor=world.maya, key="k"
    )
    assert not receipt.replayed
    assert world.kit.run(give(), actor=world.coordinator, key="k2").replayed is False
    assert len(world.every(Task)) == 2


def test_a_run_that_writes_nothing_uses_its_key_too(world: Any) -> None:
    position = world.kit.storage.position()
    first = world.kit.run(lambda _: 7, actor=world.coordinator, key="look")
    again = world.kit.run(lambda _: 8, actor=world.coordinator, key="look")
    assert (first.result, first.records, again.replayed, again.records) == (7, (), True, ())
    assert world.kit.storage.position() == position
    assert (first.first, first.last) == (position, position)


def test_ids_made_inside_derive_from_the_key(world: Any) -> None:
    """A retry after a conflict makes the same records again."""
    shared = world.save(Task.give(owner=world.coordinator, what="shared"))
    made: list[list[str]] = []

    def work(s: Any) -> None:
        first, second = (s.save(Task.give(owner=s.actor.person, what=what)) for what in "ab")
        made.append([first.id, second.id])
        if len(made) == 1:
            world.save(world.get(shared).hand_to(world.coordinator))
            s.save(shared.done())
        else:
            s.save(s.get(Task, shared.id).done())

    world.kit.run(work, actor=world.coordinator, key="k")
    assert len(made) == 2
    assert made[0] == made[1]
    assert len(set(made[0])) == 2
    assert len(world.every(Task)) == 3


def test_the_same_key_from_many_threads_is_done_once(world: Any) -> None:
    people, gate, receipts = 8, threading.Barrier(8), []

    def work() -> None:
        gate.wait()
        receipts.append(world.kit.run(give(), actor=world.coordinator, key="one", retries=0))

    run_all([work] * people)
    assert len(receipts) == people
    assert sum(not one.replayed for one in receipts) == 1
    assert len({one.records for one in receipts}) == 1
    assert len(world.every(Task)) == 1


def test_a_key_that_two_kits_race_for_is_done_once(store: Any) -> None:
    """The other process commits while this one is inside its function."""
    with store.open() as one, store.open() as two:
        with one.session(actor=peerkit.Actor.system("test")) as s:
            robin = s.find(Person)[0].id
        receipts = []

        def slow(s: Any) -> Task:
            if not receipts:
                store.watch.forward(seconds=1)  # the ids differ, so that the key alone can tell
                receipts.append(two.run(give("fast"), actor=robin, key="k", retries=0))
            return s.save(Task.give(owner=s.actor.person, what="slow"))

        receipts.append(one.run(slow, actor=robin, key="k", retries=0))
        assert [one.replayed for one in receipts] == [False, True]
        assert receipts[0].records == receipts[1].records
        with one.session(actor=robin) as s:
            assert [t.what for t in s.find(Task)] == ["fast"]


@given(st.text(min_size=1))
def test_any_text_is_a_key(key: str) -> None:
    with peerkit.open("memory:", discover=False) as kit:
        first = kit.run(give(), key=key)
        assert kit.run(give(), key=key).records == first.records


# -- async -----------------------------------------------------------------------------------------


def test_async_hosts_await_it(world: Any) -> None:
    async def host() -> list[Receipt]:
        work = (world.kit.arun(give(f"w{n}"), actor=world.coordinator, key=f"k{n % 3}") for n in range(6))
        return list(await asyncio.gather(*work))

    receipts = asyncio.run(host())
    assert sum(one.replayed for one in receipts) == 3
    assert len(world.every(Task)) == 3


def test_errors_come_back_to_the_awaiting_host(world: Any) -> None:
    async def host() -> None:
        await world.kit.arun(lambda s: s.find(peerkit.Refusal), actor=world.maya)

    with pytest.raises(Refused):
        asyncio.run(host())


def test_a_session_inside_a_coroutine_keeps_its_ids_to_itself(world: Any) -> None:
    """Two tasks of one loop, each in its own session, with awaits in between."""

    async def one(what: str) -> str:
        with world.kit.session(actor=world.coordinator) as s:
            first = s.save(Task.give(owner=world.coordinator, what=what))
            await asyncio.sleep(0)
            s.save(Task.give(owner=world.coordinator, what=what))
            await asyncio.sleep(0)
        return str(first.id)

    async def host() -> list[str]:
        return list(await asyncio.gather(one("a"), one("b"), one("c")))

    assert len(set(asyncio.run(host()))) == 3
    assert len(world.every(Task)) == 6


def run_all(works: list[Any]) -> None:
    """Run functions in threads of their own; raise what the first of them raised."""
    errors: list[BaseException] = []

    def guarded(work: Any) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # raised again below, where a test sees it
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]
