# SPDX-License-Identifier: Apache-2.0
"""Whoever must look can see: the screen of an alert that they were told of, or that a task of theirs is
about, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Answer, NotFound, Refused, RiskScreen

YES, NO = True, False


def _read(world: Any, who: str, screen: str) -> tuple[Any, list[Any]]:
    with world.kit.session(world.people[who]) as s:
        return s.get(RiskScreen, screen), list(s.find(Answer, screen=screen))


def _told(world: Any, who: str) -> None:
    """Let the alert climb until this one is asked."""
    for _ in range(6):
        if world.people[who] in world.alert().told:
            return
        world.clock.forward(minutes=30)
        world.kit.deliver()
    raise AssertionError("nobody asked them")


@pytest.mark.parametrize("about", ["", "maya"])
def test_whoever_is_told_of_an_alert_reads_its_screen_while_it_is_open(world: Any, about: str) -> None:
    screen = world.screen(about=about)
    screen.answer("q5", YES)
    other = world.screen(about=about)
    other.answer("q1", NO)
    with pytest.raises((NotFound, Refused)):
        _read(world, "cora", screen.id)
    _told(world, "cora")
    found, answers = _read(world, "cora", screen.id)
    assert (found.holder, [(one.item, one.value) for one in answers]) == (world.sam, [("q5", True)])
    with world.kit.session(world.cora) as s:
        assert [one.id for one in s.find(RiskScreen)] == [screen.id]
        with pytest.raises(NotFound):
            s.get(RiskScreen, other.id)
        s.acknowledge(world.alert().reference)
    assert _read(world, "cora", screen.id)[0].id == screen.id
    with world.kit.session(world.cora) as s:
        s.respond(world.alert().id, "act", words="Went there.")
        reasons = dict.fromkeys(s.respond(world.alert().id, "meet", need="acted").unmet, "anonymous")
        s.respond(world.alert().id, "close_incomplete", reasons=reasons)
    with pytest.raises((NotFound, Refused)):
        _read(world, "cora", screen.id)


def test_that_it_was_read_is_logged(world: Any) -> None:
    screen = world.screen()
    screen.answer("q5", YES)
    _told(world, "cora")
    _read(world, "cora", screen.id)
    read = [one for one in world.all("read") if one.reader == world.cora and one.of == "answer"]
    assert [one.person for one in read] == [(world.maya,)]


def test_whoever_has_a_task_about_a_screen_reads_it_while_the_task_is_open(world: Any) -> None:
    screen = world.screen(about="", instrument="an-unknown-one")
    screen.answer("q1", NO)
    screen.finish()
    [task] = [one for one in world.all("task") if one.what == "look-at-screen"]
    assert (task.owner, task.about) == (world.cora, screen.id)
    assert _read(world, "cora", screen.id)[1]


def test_whom_an_open_concern_names_reads_no_screen_by_an_alert(world: Any) -> None:
    screen = world.screen()
    screen.answer("q5", YES)
    _told(world, "cora")
    world.kit.concern("worried", names=[world.cora])
    with pytest.raises((NotFound, Refused)):
        _read(world, "cora", screen.id)
