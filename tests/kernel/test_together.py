# SPDX-License-Identifier: Apache-2.0
"""Many at once: threads on one kit, kits on one store, processes on one file, and a fork."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit import Actor, Conflict, Leave, PeerSupporter, Person, Refused, Task, hookimpl
from peerkit.storage.memory import MemoryStorage

THREADS = 4


def run_all(works: list[Any]) -> list[BaseException]:
    """Run functions in threads of their own; what they raised."""
    errors: list[BaseException] = []

    def guarded(work: Any) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # the test looks at it
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return errors


# -- threads on one kit ----------------------------------------------------------------------------


def test_four_writers_lose_nothing_and_the_feed_is_in_order(world: Any) -> None:
    shared = world.save(Task.give(owner=world.coordinator, what="shared"))
    before, rounds = world.kit.storage.position(), 25
    gate = threading.Barrier(THREADS)

    def work(number: int) -> Any:
        def one() -> None:
            gate.wait()
            for turn in range(rounds):
                with world.kit.session(actor=world.coordinator) as s:
                    s.save(Task.give(owner=world.coordinator, what=f"{number}.{turn}"))
                world.kit.run(
                    lambda s: s.save(s.get(Task, shared.id).hand_to(s.actor.person)),
                    actor=world.coordinator,
                    retries=1000,
                )

        return one

    assert run_all([work(number) for number in range(THREADS)]) == []
    total = THREADS * rounds
    assert world.get(shared).version == 1 + total
    whats = {t.what for t in world.every(Task)}
    assert whats == {"shared", *(f"{n}.{turn}" for n in range(THREADS) for turn in range(rounds))}
    envelopes = world.kit.changes(limit=1000).envelopes[before:]
    assert [e.position for e in envelopes] == list(range(before + 1, before + 1 + 2 * total))
    assert [e.version for e in envelopes if e.id == shared.id] == list(range(2, 2 + total))
    assert world.kit.verify().intact


def test_readers_see_whole_commits_while_others_write(world: Any) -> None:
    """Two records are always changed together: nobody ever sees one without the other."""
    pair = [world.save(Task.give(owner=world.coordinator, what=what)) for what in "ab"]
    stop, odd = threading.Event(), []

    def write() -> None:
        for _ in range(30):
            with world.kit.session(actor=world.coordinator) as s:
                for one in pair:
                    s.save(s.get(Task, one.id).hand_to(world.coordinator))
        stop.set()

    def read() -> None:
        while not stop.is_set():
            with world.kit.session(actor=world.coordinator) as s:
                page = s.find(Task, owner=world.coordinator)
                if len({one.version for one in page}) != 1:
                    odd.append(page)

    assert run_all([write, read, read]) == []
    assert odd == []


def test_a_commit_that_waits_too_long_for_its_turn_says_so(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peerkit.kit.kit.LOCK_SECONDS", 0)
    world.kit._turn.acquire()
    try:
        with pytest.raises(peerkit.StorageError, match="try again"):
            world.save(Task.give(owner=world.coordinator, what="x"), actor=world.coordinator)
        world.kit.write([peerkit.testing.make(peerkit.Concern)])  # the safety lane never waits there
    finally:
        world.kit._turn.release()


# -- the guard -------------------------------------------------------------------------------------


class Together:
    """A plugin whose check waits, the first time in each round, until both commits have been judged."""

    name = "together"

    def __init__(self, gate: threading.Barrier) -> None:
        self.gate = gate
        self.waited = False
        self.judged = 0

    @hookimpl
    def peerkit_supply(self) -> Any:
        return [peerkit.hooks.Access(reads={"leave"})]

    @hookimpl
    def peerkit_check(self, proposal: Any) -> Any:
        for _leave, _ in proposal.of(Leave, "plan"):
            self.judged += 1
            if not self.waited:
                self.waited = True
                self.gate.wait(timeout=30)
        return ()


def both_on_leave(store: Any, rounds: int, *, guarded: bool = True) -> tuple[int, int, int]:
    """Two supporters who cover for each other plan leave for the same week at the same moment.

    Gives how often exactly one was refused, how often both got through, how often checks ran again.
    """
    gate = threading.Barrier(2)
    plugins = [Together(gate), Together(gate)]
    with store.open() as kit:
        with kit.session(actor=Actor.system("test")) as s:
            robin = s.find(Person)[0]
        people = []
        for name in ("Kai", "Noor"):
            with kit.session(actor=robin) as s:
                one = s.save(Person.enrol(name=f"{name} Example"))
                spoken = peerkit.Decision.of(one, how="spoken")
                s.save(PeerSupporter.welcome(one, by=spoken))
                people.append(one)
    caught = slipped = 0
    weak = Weak(store)

    def opened(plugin: Any) -> peerkit.Kit:
        if guarded:
            return store.open(plugin)
        return peerkit.open("weak:", plugins=[plugin, weak], clock=store.watch, discover=False)

    with opened(plugins[0]) as first, opened(plugins[1]) as second:
        for number in range(rounds):
            starts = store.watch.at + timedelta(weeks=2 * number + 1)
            for plugin in plugins:
                plugin.waited = False

            def plan(kit: Any, away: Any, cover: Any, starts: Any = starts) -> Any:
                def work() -> None:
                    with kit.session(actor=away) as s:
                        week = {"starts": starts, "ends": starts + timedelta(weeks=1)}
                        s.save(Leave.plan(person=away, cover=cover, **week))

                return work

            errors = run_all([plan(first, *people), plan(second, *reversed(people))])
            assert all(isinstance(one, Refused) and one.codes == ("no-cover",) for one in errors)
            caught += len(errors) == 1
            slipped += not errors
    return caught, slipped, sum(plugin.judged for plugin in plugins) - 2 * rounds


def test_two_who_cover_for_each_other_cannot_both_go(store: Any) -> None:
    """Write skew: both checks pass, both versions are current, and nobody would be left."""
    assert both_on_leave(store, 50) == (50, 0, 50)


class Unguarded:
    """A storage that keeps versions and forgets the guard: what a broken port would do."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def commit(self, batch: Any, *, unless: Any = frozenset(), after: int = 0) -> Any:
        return self._storage.commit(batch)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


class Weak:
    """A plugin with that storage, over the same records."""

    name = "weak"

    def __init__(self, store: Any) -> None:
        self.store = store

    def open(self, _url: str, clock: Any, _create: Any) -> Any:
        if self.store.shelf:
            return Unguarded(self.store.shelf.store)
        from peerkit.storage.sqlite import open_sqlite

        return Unguarded(open_sqlite(self.store.url, clock, create=False))

    @hookimpl
    def peerkit_supply(self) -> Any:
        yield peerkit.hooks.StorageBackend("weak", self.open, MemoryStorage.capabilities)


def test_without_the_guard_both_go(store: Any) -> None:
    """So the test above sees what it is there to see."""
    assert both_on_leave(store, 10, guarded=False) == (0, 10, 0)


def test_rights_that_end_while_a_session_is_open_end_for_it_too(store: Any) -> None:
    """What an actor's roles derive from guards the commit, and is judged again."""
    with store.open() as kit, store.open() as elsewhere:
        with kit.session(actor=Actor.system("test")) as s:
            robin = s.find(Person)[0]
        with kit.session(actor=robin) as s:
            kim = s.save(Person.enrol(name="Kim Example"))
            office = s.save(peerkit.Appointment.give(kim, "coordinator"))
        with pytest.raises(Refused) as caught, kit.session(actor=kim) as s:
            s.save(Task.give(owner=robin, what="late"))  # a kind for which no check reads an office
            with elsewhere.session(actor=robin) as other:
                other.save(other.get(peerkit.Appointment, office.id).end())
        assert caught.value.codes == ("no-right",)
        with kit.session(actor=robin) as s:
            assert s.count(Task) == 0


# -- processes -------------------------------------------------------------------------------------

WRITER = """
import sys, threading
import peerkit
from peerkit import Person, Task

url, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
with peerkit.open(url, discover=False) as kit:
    with kit.session(actor=peerkit.Actor.system("test")) as s:
        robin = s.find(Person)[0]
        shared = s.find(Task, what="shared")[0]
    def work(thread):
        for turn in range(rounds):
            kit.run(lambda s: s.save(Task.give(owner=robin, what=f"{name}.{thread}.{turn}")), actor=robin,
                    key=f"{name}.{thread}.{turn}")
            kit.run(lambda s: s.save(s.get(Task, shared.id).hand_to(robin)), actor=robin, retries=1000)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    [one.start() for one in threads]
    [one.join() for one in threads]
"""


def test_two_processes_with_two_threads_each_lose_nothing(store: Any, tmp_path: Path) -> None:
    if store.shelf:
        pytest.skip("a memory store is one process's")
    rounds = 10
    with store.open() as kit:
        with kit.session(actor=Actor.system("test")) as s:
            robin = s.find(Person)[0]
        with kit.session(actor=robin) as s:
            shared = s.save(Task.give(owner=robin, what="shared"))
        script = tmp_path / "writer.py"
        script.write_text(WRITER)
        writers = [
            subprocess.Popen(
                [sys.executable, str(script), store.url, name, str(rounds)],
                stderr=subprocess.PIPE,
                text=True,
            )
            for name in "ab"
        ]
        told = [writer.communicate(timeout=120)[1] for writer in writers]
        assert told == ["", ""]
        with kit.session(actor=robin) as s:
            tasks = s.find(Task, limit=1000)
            assert len(tasks) == 1 + 2 * 2 * rounds
            assert s.get(Task, shared.id).version == 1 + 2 * 2 * rounds
        assert kit.verify().intact


FORKED = """
import os, sys
import peerkit
from peerkit import GoalPlan, Person, Task

url = sys.argv[1]
settings = {"name": "F", "coordinator": {"name": "R"}, "path": [{"role": "coordinator", "minutes": 30}]}
with peerkit.open(url, settings=None if url == "memory:" else settings, discover=False) as kit:
    with kit.session(actor=peerkit.Actor.system("test")) as s:
        robin = s.find(Person)[0]
    tried = {
        "session": lambda: kit.session(actor=robin),
        "run": lambda: kit.run(lambda s: s.save(Task.give(owner=robin, what="child")), actor=robin),
        "write": lambda: kit.write([Task.give(owner=robin, what="child")]),
        "concern": lambda: kit.concern("child"),
    }
    opened = kit.session(actor=robin)
    with opened:
        saved = opened.save(Task.give(owner=robin, what="parent"))
        tried["save"] = lambda: opened.save(Task.give(owner=robin, what="child"))
        tried["find"] = lambda: opened.find(Task)
        tried["commit"] = lambda: opened.__exit__(None, None, None)
        child = os.fork()
        if not child:
            for name, call in tried.items():
                try:
                    call()
                except peerkit.PeerkitError as error:
                    print(name, type(error).__name__, "fork" in str(error), flush=True)
                else:
                    print(name, "went through", flush=True)
            os._exit(0)
        os.waitpid(child, 0)
    with kit.session(actor=robin) as s:
        print("parent", sorted(t.what for t in s.find(Task)), kit.verify().intact)
"""


def test_a_kit_says_that_it_does_not_cross_a_fork(url: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FORKED, url], capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert told.pop() == "parent ['parent'] True"
    assert len(told) == 7
    for line in told:
        name, error, why = line.split()
        expected = ("UnsavedScreen", "False") if name == "concern" else ("StorageError", "True")
        assert (error, why) == expected, line


def test_a_conflict_of_a_batch_names_its_record(world: Any) -> None:
    stored = world.save(Task.give(owner=world.coordinator, what="x"))
    world.save(stored.done())
    with pytest.raises(Conflict) as caught:
        world.save(stored.done())
    assert stored.id in str(caught.value)
    assert isinstance(MemoryStorage(), peerkit.ports.Storage)
