# SPDX-License-Identifier: Apache-2.0
"""The kit's own calls with wrong arguments: one of peerkit's errors, quoting nothing, and nothing done."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

import peerkit
from peerkit import GoalPlan, Malformed, NotFound, PeerkitError, Person, Read, Service, Task

SECRET = "canary-zq"


def disclosed(world: Any, query: Any, **details: Any) -> Any:
    return list(world.kit.disclose(query, to=world.maya, purpose="export", actor=world.maya, **details))


CALLS: dict[str, Any] = {
    "classes that are none": lambda w: disclosed(w, GoalPlan, classes=[SECRET]),
    "classes in one text": lambda w: disclosed(w, GoalPlan, classes="own"),
    "a number for classes": lambda w: disclosed(w, GoalPlan, classes=5),
    "a text for a query": lambda w: disclosed(w, SECRET),
    "a limit that is a text": lambda w: w.kit.changes(limit=SECRET),
    "a head that is short": lambda w: w.kit.verify(head="00"),
    "a head that is a number": lambda w: w.kit.verify(head=5),
    "a head in other letters": lambda w: w.kit.verify(head="z" * 64),
    "no function": lambda w: w.kit.run(None, actor=w.coordinator),
    "no url": lambda _: peerkit.open(None),
    "settings in a text": lambda _: peerkit.open("memory:", settings=SECRET),
    "a number of plugins": lambda _: peerkit.open("memory:", plugins=5),
    "one plugin's name": lambda _: peerkit.open("memory:", plugins=SECRET),
    "one name to block": lambda _: peerkit.open("memory:", block="hsds"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_wrong_arguments_are_malformed_and_quoted_nowhere(world: Any, call: Any) -> None:
    with pytest.raises(Malformed) as caught:
        call(world)
    assert SECRET not in str(caught.value)


def test_a_search_for_no_words(world: Any) -> None:
    with world.kit.session(actor=world.coordinator) as s, pytest.raises(Malformed):
        s.search(Service, None)


def test_a_text_blocks_one_plugin_and_several_need_several(world: Any) -> None:
    del world
    with peerkit.open("memory:", block=("peerkit-hsds",), discover=False) as kit:
        assert kit.plugins


async def later(s: Any) -> Any:
    return s.save(Task.give(owner=s.actor.person, what="call"))


def hands_on(s: Any) -> Any:
    return later(s)


class Later:
    async def __call__(self, s: Any) -> Any:
        return await later(s)


@pytest.mark.parametrize("work", [later, hands_on, Later()], ids=["async", "a coroutine", "a call"])
@pytest.mark.filterwarnings("error")
def test_what_would_never_run_is_malformed(world: Any, work: Any) -> None:
    """Not a receipt as if it had been done, and no coroutine left behind."""
    with pytest.raises(Malformed, match="plain function"):
        world.kit.run(work, actor=world.coordinator, key="k")
    assert not world.every(Task)
    receipt = world.kit.run(lambda _: None, actor=world.coordinator, key="k")
    assert not receipt.replayed


def test_what_was_saved_before_it_is_not_committed(world: Any) -> None:
    def half(s: Any) -> Any:
        s.save(Task.give(owner=s.actor.person, what="call"))
        return later(s)

    with pytest.raises(Malformed):
        world.kit.run(half, actor=world.coordinator)
    assert not world.every(Task)


def test_nobody_takes_no_copy(world: Any, tmp_path: Any) -> None:
    with pytest.raises(NotFound):
        world.kit.snapshot(str(tmp_path / "copy.db"), actor="CANARY")
    assert not (tmp_path / "copy.db").exists()
    assert not world.every(Read)


def test_a_star_import_leaves_the_builtins_alone() -> None:
    names: dict[str, Any] = {}
    exec("from peerkit import *", names)  # that is what is tested
    assert names["Person"] is Person
    assert not {name for name in names if name != "__builtins__" and hasattr(builtins, name)}
    assert callable(peerkit.open)


def test_a_program_is_founded_once(store: Any) -> None:
    store.open().close()
    store._founded = False
    with pytest.raises(PeerkitError, match="empty or new database"):
        store.open()
