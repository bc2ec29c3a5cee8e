# SPDX-License-Identifier: Apache-2.0
"""What plugins do to a program: each hook at its worst, in a real kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

import peerkit
from peerkit import Objection, Person, Refused, Task, hookimpl
from peerkit.delivery.observing import PATIENCE
from peerkit.hooks import Access

CANARY = "canary-51c0"
PERSONS = Access(reads={"person"}, writes={"task"})


def plugin(name: str, access: Access = PERSONS, **hooks: Callable[..., Any]) -> SimpleNamespace:
    def peerkit_supply() -> Any:
        yield access

    marked = {f"peerkit_{hook}": hookimpl(function) for hook, function in hooks.items()}
    return SimpleNamespace(name=name, __version__="1.2", peerkit_supply=hookimpl(peerkit_supply), **marked)


@contextmanager
def opened(*plugins: object, **options: Any) -> Iterator[peerkit.Kit]:
    with peerkit.open("memory:", plugins=plugins, discover=False, **options) as kit:
        yield kit


def enrol(kit: peerkit.Kit, name: str = "Maya") -> Person:
    with kit.session() as s:
        return s.save(Person.enrol(name=name))


def raising() -> Any:
    raise LookupError(CANARY)


def test_a_check_that_raises_refuses_the_commit_and_nothing_is_stored() -> None:
    with opened(plugin("odd", check=raising)) as kit:
        with pytest.raises(Refused) as refused:
            enrol(kit)
        assert refused.value.codes == ("check-failed",)
        assert "plugin odd 1.2" in str(refused.value)
        assert CANARY not in str(refused.value)
        with kit.session() as s:
            assert "Maya" not in [person.name for person in s.find(Person)]


def test_the_objections_of_all_plugins_come_at_once() -> None:
    def closed() -> Any:
        return [Objection("closed", "the garden is closed")]

    with opened(plugin("a", check=closed), plugin("b", check=raising), plugin("c", check=closed)) as kit:
        with pytest.raises(Refused) as refused:
            enrol(kit)
        assert refused.value.codes == ("closed", "check-failed", "closed")


def test_a_responder_that_raises_costs_a_task_that_names_it() -> None:
    with opened(plugin("odd", respond=raising)) as kit:
        enrol(kit)
        with kit.session() as s:
            assert "Maya" in [person.name for person in s.find(Person)]
            [task] = [task for task in s.find(Task) if task.what == "plugin-failed"]
        assert "odd 1.2" in task.note
        assert CANARY not in task.note


def test_a_responder_that_writes_what_it_did_not_declare_is_left_out() -> None:
    def respond(proposal: Any) -> Any:
        for person, _ in proposal.of(Person, "enrol"):
            yield Task.give(owner=person, what="welcome")

    with opened(
        plugin("sound", respond=respond), plugin("odd", Access(reads={"person"}), respond=respond)
    ) as kit:
        enrol(kit)
        with kit.session() as s:
            assert sorted(task.what for task in s.find(Task)) == ["plugin-failed", "welcome"]


def test_a_plugin_that_cannot_be_loaded_blocks_what_its_check_would_judge() -> None:
    def misspelt(proposal: Any) -> Any: ...

    odd = plugin("odd", chek=misspelt)
    with opened(odd) as kit:
        assert [(r.status, r.configured) for r in kit.plugins if r.name == "odd"] == [("failed", True)]
        with pytest.raises(Refused) as refused:
            enrol(kit)
        assert refused.value.codes == ("check-missing",)
    with opened(odd, block=["odd"]) as kit:
        enrol(kit)
    with (
        pytest.raises(peerkit.PluginError, match=r"plugin odd 1\.2: there is no hook peerkit_chek"),
        opened(odd, strict=True),
    ):
        pass


def test_two_kits_know_nothing_of_each_others_plugins() -> None:
    with opened(plugin("odd", check=raising)) as one, opened() as other:
        enrol(other)
        with pytest.raises(Refused):
            enrol(one)


def test_peerkits_own_parts_cannot_be_blocked() -> None:
    with pytest.raises(peerkit.PluginError, match="rules is a part of peerkit and cannot be blocked"):
        peerkit.open("memory:", block=["rules"])


# -- trying a plugin -------------------------------------------------------------------------------


def observing(page: Any, view: Any) -> Any:
    raise LookupError(CANARY)


def test_what_a_plugin_raises_is_raised_where_it_is_tried() -> None:
    """A test of a responder's must not pass because nobody looked at the task that names it."""
    with opened(plugin("odd", respond=raising), strict=True) as kit:
        with pytest.raises(peerkit.PluginError, match=r"plugin odd 1\.2: raised LookupError at") as raised:
            enrol(kit)
        assert isinstance(raised.value.__cause__, LookupError)
        assert CANARY not in str(raised.value)
        with kit.session() as s:
            assert "Maya" not in [person.name for person in s.find(Person)]


def test_a_check_that_raises_is_no_refusal_where_it_is_tried() -> None:
    """Else a test that expects its objection may pass on a misspelt name."""
    with opened(plugin("odd", check=raising), strict=True) as kit, pytest.raises(peerkit.PluginError):
        enrol(kit)


def test_an_observer_that_raises_and_what_suggests_nothing_are_seen_where_they_are_tried() -> None:
    with opened(plugin("odd", observe=observing, suggest=raising), strict=True) as kit:
        enrol(kit)
        with pytest.raises(peerkit.PluginError, match="odd"):
            kit.deliver()
        with pytest.raises(peerkit.PluginError, match="odd"), kit.session() as s:
            s.suggest("goal")


def test_an_answer_that_does_not_fit_is_raised_where_it_is_tried() -> None:
    def undeclared(proposal: Any) -> Any:
        for person, _ in proposal.of(Person, "enrol"):
            yield Task.give(owner=person, what="welcome")

    def unexplained(proposal: Any) -> Any:
        for person, _ in proposal.of(Person, "enrol"):
            yield Task(owner=person.id, what="welcome")

    with (
        opened(plugin("odd", Access(reads={"person"}), respond=undeclared), strict=True) as kit,
        pytest.raises(peerkit.PluginError, match=r"add it to Access\(writes=…\)"),
    ):
        enrol(kit)
    with (
        opened(plugin("odd", respond=unexplained), strict=True) as kit,
        pytest.raises(peerkit.PluginError, match=r"plugin odd 1\.2: answers with a record that no act"),
    ):
        enrol(kit)


def test_strict_holds_up_nothing_in_a_program(tmp_path: Any) -> None:
    settings = {
        "name": "Garden",
        "coordinator": {"name": "Robin"},
        "path": [{"role": "coordinator", "minutes": 30}],
        "uncovered": "Mon-Sun 00:00-24:00",
    }
    odd = plugin("odd", respond=raising, observe=observing)
    url = f"sqlite:///{tmp_path}/program.db"
    with peerkit.open(url, settings=settings, plugins=[odd], discover=False, strict=True) as kit:
        robin = kit.first_coordinator
        with kit.session(robin) as s:
            s.save(Person.enrol(name="Maya"))
        with kit.session(robin) as s:
            assert [task.what for task in s.due()] == ["plugin-failed"]
        for _ in range(PATIENCE):
            kit.deliver()
        assert "observer-parked" in [one.code for one in kit.health().problems]
